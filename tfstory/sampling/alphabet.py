"""What tokens there are, and which of them begin and end a sequence."""

import dataclasses
from collections.abc import Sequence

import tensorflow as tf

from tfstory.text import vocabulary


@dataclasses.dataclass(frozen=True)
class Alphabet:
    """The tokens of a kind of sequence, numbers from 0 on.

    Attributes:
      start: stands before the first token of a sequence.
      end: ends a sequence that is shorter than others; None where all have
        the same length.
      pad: fills up what has ended.
      unknown: stands for words that have no token; None where all have.
      never: tokens that no sequence has between start and end.
    """

    start: int = 0
    end: int | None = None
    pad: int = 0
    unknown: int | None = None
    never: Sequence[int] = ()

    def mask(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns which tokens belong to a sequence, its end with it.

        Args:
          tokens: int32 `[..., length]`, without a start.

        Returns:
          float32, the shape of `tokens`: 1, and 0 after the first end.
        """
        if self.end is None:
            return tf.ones(tf.shape(tokens))
        ends = tf.cast(tokens == self.end, tf.int32)
        return tf.cast(
            tf.cumsum(ends, axis=-1, exclusive=True) == 0, tf.float32
        )

    def inputs(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns what each token comes after: the start, then the tokens.

        Args:
          tokens: int32 `[batch, length]`, without a start.

        Returns:
          int32 `[batch, length]`.
        """
        first = tf.fill([tf.shape(tokens)[0], 1], self.start)
        return tf.concat([first, tokens[:, :-1]], axis=1)

    def has_ended(self, token: tf.Tensor) -> tf.Tensor:
        """Returns whether nothing but padding comes after a token, bool."""
        if self.end is None:
            return tf.zeros(tf.shape(token), tf.bool)
        return (token == self.end) | (token == self.pad)


# Sequences of numbers that all have the same length.
TOKENS = Alphabet()
# Those of `tfstory.text.vocabulary`.
WORDS = Alphabet(
    start=vocabulary.START,
    end=vocabulary.END,
    pad=vocabulary.PAD,
    unknown=vocabulary.UNKNOWN,
    never=(vocabulary.PAD, vocabulary.START),
)
