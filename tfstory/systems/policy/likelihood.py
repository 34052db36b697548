"""Maximum likelihood: the policy learns what the data say next."""

import dataclasses
from collections.abc import Mapping

import ml_collections
import tensorflow as tf

from tfstory.sampling import categorical, decoding
from tfstory.systems import descent, replicas
from tfstory.systems.policy import optimizers
from tfstory.systems.policy.codec import TOKENS
from tfstory.systems.policy.evaluation import Judge
from tfstory.systems.policy.model import PolicyModel, uniform
from tfstory.systems.policy.predictions import predict, trimmed
from tfstory.systems.stage import Stage

# Streams of noise.
_Z, _DROPOUT, _COINS, _DRAWS = range(4)


def nll(
    model: PolicyModel,
    tokens: tf.Tensor,
    noise: tf.Tensor,
    dropout_seed: tf.Tensor | None = None,
    read: tf.Tensor | None = None,
) -> replicas.GlobalMean:
    """Returns the mean negative log-likelihood of a token, in nats.

    Args:
      model: PolicyModel.
      tokens: int32 `[batch, length]`.
      noise: float32 `[batch, units]`, what sequences begin with.
      dropout_seed: of this replica; None drops nothing.
      read: as in `predictions.predict`.
    """
    mask = model.codec.alphabet.mask(tokens)
    state = model.policy.state_of(noise)
    predicted = predict(model.policy, tokens, mask, state, dropout_seed, read)
    return replicas.weighted_mean(predicted.nll(), mask)


def shown(
    model: PolicyModel, batch: Mapping[str, tf.Tensor], whole: bool = False
) -> tf.Tensor:
    """Returns the tokens that the policy is taught, int32 `[batch, length]`.

    Args:
      model: PolicyModel.
      batch: a prepared batch.
      whole: keep the columns of padding, for XLA, which compiles for one
        length alone. Losses are the same.
    """
    tokens = batch[TOKENS]
    if not whole:
        tokens, _ = trimmed(tokens, model.codec.alphabet.mask(tokens))
    return tokens


class Likelihood(Stage):
    """Teacher forcing, or scheduled sampling.

    Bengio et al. 2015, "Scheduled Sampling for Sequence Prediction with
    Recurrent Neural Networks" (arXiv:1506.03099): more and more often the
    policy is told its own token in place of the true one, which it is to
    predict all the same. The share grows evenly from 0 over the stage.

    Args:
      seed: the run's.
      model: PolicyModel.
      config: of the stage: `learning_rate`, `cosine_decay`, `clip_norm`,
        `scheduled_sampling` (the share of its own tokens at the end).
      judge: Judge.
      steps: of the whole stage.
    """

    def __init__(
        self,
        seed: int,
        model: PolicyModel,
        config: ml_collections.ConfigDict,
        judge: Judge,
        steps: int,
    ):
        super().__init__("likelihood", seed, judge.ratios, {"nll": 1.0})
        self._model = model
        self._judge = judge
        self._clip_norm = config.clip_norm
        self._own_share = config.scheduled_sampling
        self._steps = steps
        self.compile(
            optimizer=optimizers.adam(config.learning_rate, config, steps)
        )
        self.optimizer.build(model.policy.trainable_variables)

    def train_step(self, batch):
        tokens = shown(self._model, batch, whole=self.jit_compile)
        count = tf.shape(tokens)[0]
        shard = replicas.shard(count)
        noise = self._model.noise(shard, count, self._step_seed(_Z))
        read = None
        if self._own_share:
            read = self._mixed(tokens, noise, shard)
        with tf.GradientTape() as tape:
            parts = {
                "nll": nll(
                    self._model, tokens, noise, self.noise_seed(_DROPOUT), read
                )
            }
            scaled = self.optimizer.scale_loss(self.loss_share(parts))
        descent.apply(
            self.optimizer,
            tape,
            scaled,
            self._model.policy.trainable_variables,
            self._clip_norm,
        )
        return self.update_losses(parts)

    def test_step(self, batch):
        tokens = shown(self._model, batch)
        noise = tf.zeros([tf.shape(tokens)[0], self._model.policy.units])
        parts = {"nll": nll(self._model, tokens, noise)}
        return {
            **self.update_losses(parts),
            **self.update_ratios(self._judge.sums(batch)),
        }

    def _step_seed(self, stream):
        return replicas.step_seed(self.seed, stream, self.optimizer.iterations)

    def _mixed(
        self, tokens: tf.Tensor, noise: tf.Tensor, shard: replicas.Shard
    ) -> tf.Tensor:
        """Returns the tokens, some of them the policy's own.

        Each is drawn after what stands before it here, as the gradient's pass
        over these inputs has it, but without dropout.
        """
        model, length = self._model, self._model.codec.length
        count, longest = tf.unstack(tf.shape(tokens))
        coins, draws = (
            uniform(shard, count, [length], self._step_seed(stream))
            for stream in (_COINS, _DRAWS)
        )
        done = tf.cast(self.optimizer.iterations, tf.float32) / self._steps
        is_own = coins < self._own_share * done

        def choose(logits, place):
            drawn = categorical.draw(logits, draws[:, place])
            return tf.where(is_own[:, place], drawn, tokens[:, place])

        mixed = decoding.decode(
            model.policy.step,
            model.policy.state_of(noise),
            count,
            longest,
            # The policy's own end ends nothing: true tokens may follow it.
            dataclasses.replace(model.codec.alphabet, end=None),
            choose,
        ).tokens
        return tf.stop_gradient(mixed)
