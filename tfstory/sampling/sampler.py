"""Writes sentences token by token, in one graph."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from tfstory.sampling import categorical
from tfstory.text import vocabulary

# Takes tokens int32 `[batch]` and a state; returns the logits of the next
# token, float `[batch, vocabulary]`, and the new state.
Step = Callable[[tf.Tensor, Any], tuple[tf.Tensor, Any]]


class Samples(NamedTuple):
    """Sampled sentences.

    Attributes:
      tokens: int32 `[batch, length]`: words, end, padding; no start.
      log_probability: float32 `[batch]`, in nats, of the tokens up to and
        with the end, under the model itself: whatever the temperature, top-p
        and forbidden tokens were.
      lengths: int32 `[batch]`, tokens with the end.
    """

    tokens: tf.Tensor
    log_probability: tf.Tensor
    lengths: tf.Tensor


class Sampler:
    """Owns the decoding loop over a model's step function.

    An example's sentence depends on its own logits, temperature and seed, and
    not on the batch that it is in.

    Args:
      length: int, tokens a sentence, the end included; a sentence that has
        not ended by then is cut. A tokenizer's length less one (the start).
      top_p: float in (0, 1], see `categorical.choose`.
      forbid_unknown: bool, whether the unknown word is left out of sampling,
        as padding and the start always are.

    Raises:
      ValueError: `length` is not positive.
    """

    def __init__(
        self, length: int, top_p: float = 1.0, forbid_unknown: bool = False
    ):
        if length < 1:
            raise ValueError(f"length must be 1 or more, not {length}")
        self._length = length
        self._top_p = top_p
        self._never = [vocabulary.PAD, vocabulary.START]
        if forbid_unknown:
            self._never.append(vocabulary.UNKNOWN)

    def sample(
        self, step: Step, state: Any, temperature: tf.Tensor, seeds: tf.Tensor
    ) -> Samples:
        """Samples one sentence an example; stops when all have ended.

        Args:
          step: the model, see `Step`. First called with the start token.
          state: nested structure of tensors `[batch, ...]`.
          temperature: float32 `[batch]`; 0 decodes greedily.
          seeds: int64 `[batch]`.

        Returns:
          Samples.
        """
        uniforms = categorical.uniforms(seeds, self._length)
        shape = tf.shape(seeds)
        start = tf.fill(shape, vocabulary.START)
        empty = Samples(
            tokens=tf.fill([shape[0], self._length], vocabulary.PAD),
            log_probability=tf.zeros(shape),
            lengths=tf.zeros(shape, tf.int32),
        )

        def is_going(index, token, state, samples):
            del index, state, samples
            return tf.reduce_any(token != vocabulary.END)

        def advance(index, token, state, samples):
            logits, new_state = step(token, state)
            # A step may know less of its shapes than the loop does.
            new_state = tf.nest.map_structure(
                lambda new, old: tf.ensure_shape(new, old.shape),
                new_state,
                state,
            )
            chosen = categorical.choose(
                logits,
                temperature,
                tf.gather(uniforms, index, axis=1),
                self._top_p,
                self._never,
            )
            is_open = token != vocabulary.END
            chosen = tf.where(is_open, chosen, vocabulary.END)
            log_probability = -tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=chosen, logits=tf.cast(logits, tf.float32)
            )
            column = tf.range(self._length) == index
            written = is_open[:, tf.newaxis] & column[tf.newaxis]
            samples = Samples(
                tokens=tf.where(written, chosen[:, tf.newaxis], samples.tokens),
                log_probability=samples.log_probability
                + tf.where(is_open, log_probability, 0.0),
                lengths=samples.lengths + tf.cast(is_open, tf.int32),
            )
            return index + 1, chosen, new_state, samples

        _, _, _, samples = tf.while_loop(
            is_going,
            advance,
            (tf.constant(0), start, state, empty),
            maximum_iterations=self._length,
        )
        return samples
