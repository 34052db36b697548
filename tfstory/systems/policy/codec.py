"""Raw examples to sequences of tokens, and back to text."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import examples
from tfstory.sampling import alphabet
from tfstory.text.tokenizer import Tokenizer

# Of prepared examples, too.
TOKENS = examples.TOKENS


class WordCodec:
    """Lines of text.

    Args:
      tokenizer: Tokenizer.

    Attributes:
      size: int, number of tokens.
      length: int, tokens of the longest sequence, its end with it.
      alphabet: Alphabet.
      tokenizer: of the line's words.
    """

    alphabet = alphabet.WORDS

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.size = tokenizer.size
        self.length = tokenizer.length - 1

    @property
    def resources(self) -> dict[str, tf.Module]:
        """What an export must track."""
        return {"tokenizer": self.tokenizer}

    def tokens(self, batch: Mapping[str, tf.Tensor]) -> tf.Tensor:
        """Returns the tokens of raw examples, int32 `[batch, length]`."""
        if TOKENS in batch:
            # Made by Transform, start and all.
            return tf.cast(batch[TOKENS], tf.int32)[:, 1:]
        return self.encode(batch[examples.TEXT])

    def encode(self, text: tf.Tensor) -> tf.Tensor:
        """Returns the tokens of text, string `[batch]`, as `tokens` does."""
        return self.tokenizer.tokenize(text)[:, 1:]

    def text(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns tokens, int32 `[batch, length]`, as string `[batch]`."""
        return self.tokenizer.detokenize(tokens)


class NumberCodec:
    """Sequences of numbers, all of one length; see `WordCodec`.

    Args:
      size: int, numbers are from 0 up to but without it.
      length: int, numbers a sequence.
    """

    alphabet = alphabet.TOKENS
    resources: Mapping[str, tf.Module] = {}

    def __init__(self, size: int, length: int):
        self.size = size
        self.length = length

    def tokens(self, batch: Mapping[str, tf.Tensor]) -> tf.Tensor:
        """Returns the tokens of raw examples, int32 `[batch, length]`."""
        return tf.cast(batch[TOKENS], tf.int32)

    def text(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns numbers, int32 `[batch, length]`, as string `[batch]`."""
        return tf.strings.reduce_join(
            tf.strings.as_string(tokens), axis=-1, separator=" "
        )


Codec = WordCodec | NumberCodec
