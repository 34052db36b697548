"""The networks of a system whose generator is a policy over tokens."""

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
from tfstory.systems import replicas
from tfstory.systems.policy.codec import Codec

RECURRENT, CONVOLUTIONAL, NO_DISCRIMINATOR = "gru", "convolution", "none"
DISCRIMINATORS = (RECURRENT, CONVOLUTIONAL, NO_DISCRIMINATOR)


class PolicyModel:
    """What stages, rewards, metrics and signatures share.

    Args:
      config: `config.model` of a run.
      codec: Codec.

    Attributes:
      policy: the generator, RecurrentPolicy.
      roll_out_policy: what continues its sequences, G_beta in seed document
        003: follows the generator with a delay.
      discriminator: SequenceDiscriminator, or None.
      values: from the generator's state before a token to the return that is
        expected, float `[..., 1]`; a baseline.
    """

    def __init__(self, config: ml_collections.ConfigDict, codec: Codec):
        self._noise = config.noise
        self.codec = codec
        self.policy, self.roll_out_policy = (
            RecurrentPolicy(
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
            for name in ("policy", "roll_out_policy")
        )
        self.roll_out_policy.set_weights(self.policy.get_weights())
        self.values = keras.layers.Dense(1, name="values")
        self.values.build([None, config.units])
        self.discriminator = _discriminator(config, codec)

    @property
    def networks(self) -> dict[str, keras.layers.Layer]:
        """Name to network."""
        found = {
            "policy": self.policy,
            "roll_out_policy": self.roll_out_policy,
            "values": self.values,
        }
        if self.discriminator is not None:
            found["discriminator"] = self.discriminator
        return found

    @property
    def word_weights(self) -> list[tuple[keras.Variable, int]]:
        """Variables with an entry a token, and the tokens' axis."""
        found = self.policy.word_weights + self.roll_out_policy.word_weights
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
        return self._noise * _drawn(
            tf.random.stateless_normal, shard, count, [self.policy.units], seed
        )

    def _noise_of(self, seeds: tf.Tensor) -> tf.Tensor:
        """Draws z by each sequence's own seed.

        Args:
          seeds: int64 `[batch]`.

        Returns:
          float32 `[batch, units]`.
        """

        def draw(seed: tf.Tensor) -> tf.Tensor:
            return tf.random.stateless_normal(
                [self.policy.units], seed=tf.stack([seed, 1]), alg="philox"
            )

        return self._noise * tf.map_fn(
            draw,
            seeds,
            fn_output_signature=tf.TensorSpec([self.policy.units], tf.float32),
        )

    def write_by_seeds(
        self,
        seeds: tf.Tensor,
        temperature: float | tf.Tensor = 1.0,
        top_p: float | tf.Tensor = 1.0,
    ) -> Samples:
        """Writes sequences, each by its own seed alone.

        Args:
          seeds: int64 `[batch]`.
          temperature: scalar; 0 takes the likeliest token.
          top_p: scalar, see `categorical.choose`.
        """
        sampler = Sampler(self.codec.length, self.codec.alphabet, top_p)
        return sampler.sample(
            self.policy.step,
            self.policy.state_of(self._noise_of(seeds)),
            tf.fill([tf.size(seeds)], temperature),
            seeds,
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
        decoded = self.policy.sample(self.policy.state_of(noise), uniforms)
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
    return _drawn(tf.random.stateless_uniform, shard, count, shape, seed)


def _drawn(draw, shard, count, shape, seed):
    drawn = draw([shard.total, *shape], seed)
    return drawn[shard.first : shard.first + count]


def _discriminator(config, codec) -> SequenceDiscriminator | None:
    if config.discriminator == NO_DISCRIMINATOR:
        return None
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
