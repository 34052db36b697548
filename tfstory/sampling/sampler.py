"""Writes sequences token by token, each by its own seed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from tfstory.sampling import categorical, decoding
from tfstory.sampling.alphabet import Alphabet


class Samples(NamedTuple):
    """Sampled sequences.

    Attributes:
      tokens: int32 `[batch, length]`; no start, padding after an end.
      log_probability: float32 `[batch]`, in nats, of the tokens up to and
        with the end, under the model itself: whatever the temperature, top-p
        and forbidden tokens were.
      log_probabilities: float32 `[batch, length]`, of each of them.
      lengths: int32 `[batch]`, tokens with the end.
    """

    tokens: tf.Tensor
    log_probability: tf.Tensor
    log_probabilities: tf.Tensor
    lengths: tf.Tensor


class Sampler:
    """Draws sequences from a model's step function.

    An example's sequence depends on its own logits, temperature and seed, and
    not on the batch that it is in.

    Args:
      length: int, tokens a sequence, the end included; one that has not ended
        by then is cut. A tokenizer's length less one (the start).
      alphabet: Alphabet.
      top_p: see `categorical.choose`.
      never: tokens that are never chosen, beside those of the alphabet.

    Raises:
      ValueError: `length` is not positive.
    """

    def __init__(
        self,
        length: int,
        alphabet: Alphabet,
        top_p: float | tf.Tensor = 1.0,
        never: Sequence[int] = (),
    ):
        if length < 1:
            raise ValueError(f"length must be 1 or more, not {length}")
        self._length = length
        self._alphabet = alphabet
        self._top_p = top_p
        self._never = [*alphabet.never, *never]

    def sample(
        self,
        step: decoding.Step,
        state: Any,
        temperature: tf.Tensor,
        seeds: tf.Tensor,
        length: int | tf.Tensor | None = None,
    ) -> Samples:
        """Samples one sequence an example; stops when all have ended.

        Args:
          step: the model, see `decoding.Step`.
          state: nested structure of tensors `[batch, ...]`.
          temperature: float32 `[batch]`; 0 decodes greedily.
          seeds: int64 `[batch]`.
          length: scalar, tokens after which all are cut: these are the same
            as without. None writes as many as this sampler can.

        Returns:
          Samples.
        """
        uniforms = categorical.uniforms(seeds, self._length)

        def choose(logits, index):
            return categorical.choose(
                logits,
                temperature,
                tf.gather(uniforms, index, axis=1),
                self._top_p,
                self._never,
            )

        decoded = decoding.decode(
            step,
            state,
            tf.size(seeds),
            self._length if length is None else length,
            self._alphabet,
            choose,
        )
        return Samples(
            decoded.tokens,
            tf.reduce_sum(decoded.log_probabilities, axis=-1),
            decoded.log_probabilities,
            decoded.lengths,
        )
