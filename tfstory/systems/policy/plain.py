"""The policy's step as published codes take it, to compare with."""

from collections.abc import Callable, Mapping

import tensorflow as tf

from tfstory.systems.policy.codec import TOKENS
from tfstory.systems.policy.model import PolicyModel
from tfstory.systems.policy.rewards import Rewards


class PolicyStep:
    """A step of REINFORCE with a call for each prefix and each roll-out.

    Each call writes whole sequences from the start on, keeps what was given
    of them, and judges them. That is the loop of SeqGAN's published code and
    of most that came after it.

    Args:
      model: PolicyModel.
      rewards: Rewards, by roll-outs.
      step: batch, tokens, noise and returns to a step of the optimizer.
    """

    def __init__(
        self,
        model: PolicyModel,
        rewards: Rewards,
        step: Callable[..., Mapping],
    ):
        self._model = model
        self._rewards = rewards
        self._step = tf.function(step)
        self._write = tf.function(self._written)
        self._earn = tf.function(self._earned)

    def __call__(self, batch: Mapping[str, tf.Tensor]) -> None:
        """Takes a step.

        Args:
          batch: prepared batch; as many sequences are written.
        """
        length = self._model.codec.length
        count = self._rewards.roll_outs
        noise = tf.zeros([len(batch[TOKENS]), self._model.policy.units])
        nothing = tf.zeros_like(batch[TOKENS])
        tokens = self._write(nothing, tf.constant(0), noise)
        returns = []
        for given in range(1, length):
            earned = [
                self._earn(tokens, tf.constant(given), noise)
                for _ in range(count)
            ]
            returns.append(tf.add_n(earned) / count)
        returns.append(self._rewards.of_whole(tokens, tf.constant(0)))
        self._step(batch, tokens, noise, tf.stack(returns, axis=1))

    def _earned(self, tokens, given, noise):
        return self._rewards.of_whole(
            self._written(tokens, given, noise), tf.constant(0)
        )

    def _written(self, tokens, given, noise):
        """Writes sequences whose first tokens are given."""
        policy = self._model.policy
        state = policy.state_of(noise)
        token = tf.fill(tf.shape(tokens)[:1], policy.alphabet.start)
        written = tf.TensorArray(tf.int32, tokens.shape[1])
        for place in tf.range(given):
            # Logits that nobody looks at are not computed.
            _, state = policy.step(token, state)
            token = tokens[:, place]
            written = written.write(place, token)
        for place in tf.range(given, tokens.shape[1]):
            logits, state = policy.step(token, state)
            drawn = tf.random.categorical(logits, 1, dtype=tf.int32)[:, 0]
            token = tf.where(
                policy.alphabet.has_ended(token), policy.alphabet.pad, drawn
            )
            written = written.write(place, token)
        return tf.ensure_shape(tf.transpose(written.stack()), tokens.shape)
