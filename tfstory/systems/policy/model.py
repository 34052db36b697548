"""The networks of a system whose generator is a policy over tokens."""

from collections.abc import Sequence
from typing import Any

import keras
import ml_collections
import tensorflow as tf

from tfstory.layers.convolutional_discriminator import (
    ConvolutionalDiscriminator,
    filters_for,
)
from tfstory.layers.recurrent_discriminator import RecurrentDiscriminator
from tfstory.layers.recurrent_policy import RecurrentPolicy
from tfstory.layers.sequence_discriminator import SequenceDiscriminator
from tfstory.sampling.sampler import Sampler, Samples
from tfstory.systems import replicas, seeded_noise
from tfstory.systems.policy.codec import Codec

# What earns what, `config.reward.form`; and a baseline that is learned.
STEPS, ROLL_OUTS = "steps", "roll_outs"
LEARNED = "learned"
RECURRENT, CONVOLUTIONAL, NO_DISCRIMINATOR = "gru", "convolution", "none"
DISCRIMINATORS = (RECURRENT, CONVOLUTIONAL, NO_DISCRIMINATOR)


class PolicyModel:
    """What stages, rewards, metrics and signatures share.

    Args:
      config: the run's; networks that it has no use for are not made.
      codec: Codec.

    Attributes:
      policy: the generator, RecurrentPolicy.
      roll_out_policy: what continues its sequences, G_beta in seed document
        003: follows the generator with a delay; or None.
      discriminator: SequenceDiscriminator, or None where no stage trains it.
      values: from the generator's state before a token to the return that is
        expected, float `[..., 1]`; a baseline; or None.
    """

    def __init__(self, config: ml_collections.ConfigDict, codec: Codec):
        self._noise = config.model.noise
        self.codec = codec
        self.policy = _policy(config.model, codec, "policy")
        self.roll_out_policy = self.values = self.discriminator = None
        is_policy = config.stages.adversarial.epochs > 0
        if is_policy and config.reward.form == ROLL_OUTS:
            self.roll_out_policy = _policy(
                config.model, codec, "roll_out_policy"
            )
            self.roll_out_policy.set_weights(self.policy.get_weights())
        if is_policy and config.reward.baseline == LEARNED:
            self.values = keras.layers.Dense(1, name="values")
            self.values.build([None, config.model.units])
        if trains_discriminator(config):
            self.discriminator = _discriminator(config.model, codec)

    @property
    def networks(self) -> dict[str, keras.layers.Layer]:
        """Name to network."""
        found = {
            "policy": self.policy,
            "roll_out_policy": self.roll_out_policy,
            "values": self.values,
            "discriminator": self.discriminator,
        }
        return {
            name: network
            for name, network in found.items()
            if network is not None
        }

    @property
    def word_weights(self) -> list[tuple[keras.Variable, int]]:
        """Variables with an entry a token, and the tokens' axis."""
        found = list(self.policy.word_weights)
        if self.roll_out_policy is not None:
            found += self.roll_out_policy.word_weights
        if self.discriminator is not None:
            found.append((self.discriminator.embedding.embeddings, 0))
        return found

    def first_state(self, count: tf.Tensor) -> Any:
        """Returns the state in which sequences are judged: without noise."""
        return self.policy.first_state(count)

    def noise(self, shard: replicas.Shard, count: tf.Tensor, seed) -> tf.Tensor:
        """Draws z of seed document 002 for a replica's part of a batch.

        Args:
          shard: where it lies in the global batch.
          count: int32 scalar, its sequences.
          seed: int32 `[2]`, the same on all replicas.

        Returns:
          float32 `[count, units]`.
        """
        return self._noise * replicas.drawn(
            tf.random.stateless_normal, shard, count, [self.policy.units], seed
        )

    def _noise_of(self, seeds: tf.Tensor) -> tf.Tensor:
        """Draws z by each sequence's own seed.

        Args:
          seeds: int64 `[batch]`.

        Returns:
          float32 `[batch, units]`.
        """
        pairs = tf.stack([seeds, tf.ones_like(seeds)], axis=1)
        return self._noise * seeded_noise.normals(pairs, self.policy.units)

    def write_by_seeds(
        self,
        seeds: tf.Tensor,
        temperature: float | tf.Tensor = 1.0,
        top_p: float | tf.Tensor = 1.0,
        never: Sequence[int] = (),
        length: tf.Tensor | None = None,
    ) -> Samples:
        """Writes sequences, each by its own seed alone.

        Args:
          seeds: int64 `[batch]`.
          temperature: scalar; 0 takes the likeliest token.
          top_p: scalar, see `categorical.choose`.
          never: tokens that are not written.
          length: int32 scalar, tokens after which all are cut; None for the
            longest that there are.
        """
        sampler = Sampler(self.codec.length, self.codec.alphabet, top_p, never)
        return sampler.sample(
            self.policy.step,
            self.policy.state_of(self._noise_of(seeds)),
            tf.fill([tf.size(seeds)], temperature),
            seeds,
            length,
        )

    def write(
        self, shard: replicas.Shard, count: tf.Tensor, seed: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Writes sequences, a replica's part of a global batch.

        Args:
          shard, count, seed: as in `noise`.

        Returns:
          Tokens int32 `[count, length]`, and the noise they began with.
        """
        # One seed for both would draw both from the same random bits.
        noise_seed, token_seed = tf.unstack(
            tf.random.split(seed, 2, alg="philox")
        )
        noise = self.noise(shard, count, noise_seed)
        uniforms = uniform(shard, count, [self.codec.length], token_seed)
        state = self.policy.state_of(noise)
        decoded = self.policy.sample(state, uniforms, scored=False)
        return tf.stop_gradient(decoded.tokens), noise


def uniform(
    shard: replicas.Shard,
    count: tf.Tensor,
    shape: list[int],
    seed: tf.Tensor,
) -> tf.Tensor:
    """Draws numbers for a replica's part of a batch.

    Args:
      shard, count, seed: as in `PolicyModel.noise`.
      shape: of one sequence's numbers.

    Returns:
      float32 `[count, *shape]` in [0, 1).
    """
    draw = tf.random.stateless_uniform
    return replicas.drawn(draw, shard, count, shape, seed)


def trains_discriminator(config: ml_collections.ConfigDict) -> bool:
    """Returns whether a run's stages train a discriminator.

    Args:
      config: the run's.
    """
    return config.model.discriminator != NO_DISCRIMINATOR and (
        has_discriminator_steps(config.stages)
    )


def has_discriminator_steps(stages: ml_collections.ConfigDict) -> bool:
    """Returns whether any of a run's stages takes a discriminator's step.

    Args:
      stages: `config.stages` of the run.
    """
    adversarial = stages.adversarial
    return bool(
        stages.discriminator.epochs
        or (adversarial.epochs and adversarial.discriminator_sets)
    )


def _policy(config, codec, name) -> RecurrentPolicy:
    return RecurrentPolicy(
        codec.size,
        config.embedding_size,
        config.units,
        config.cell,
        codec.alphabet,
        config.dropout,
        config.tied,
        config.deviation,
        name,
    )


def _discriminator(config, codec) -> SequenceDiscriminator:
    size = config.discriminator_embedding_size
    if config.discriminator == RECURRENT:
        found = RecurrentDiscriminator(
            codec.size, size, config.discriminator_units
        )
    else:
        widths, filters = filters_for(
            codec.length, config.discriminator_divisor
        )
        found = ConvolutionalDiscriminator(
            codec.size, size, widths, filters, config.discriminator_dropout
        )
    found.build((None, codec.length))
    return found
