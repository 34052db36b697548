"""Sentences to token ids and back, in-graph and the same everywhere."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import tensorflow as tf

from tfstory.text import vocabulary, words

# What a word's lookup gives for a word that the vocabulary lacks.
UNKNOWN_INDEX = vocabulary.UNKNOWN - vocabulary.NUM_SPECIAL


class Special(NamedTuple):
    """Ids that frame a sentence."""

    pad: int
    start: int
    end: int


SPECIAL = Special(vocabulary.PAD, vocabulary.START, vocabulary.END)


class Lost(NamedTuple):
    """What a model does not read of sentences.

    Attributes:
      unknown: words that the vocabulary lacks, each once.
      cut: of each sentence, how many tokens at its end are too many.
    """

    unknown: list[str]
    cut: list[int]


def framed(
    ids: tf.RaggedTensor, sentences: tf.Tensor, length: int, special: Special
) -> tf.Tensor:
    """Returns the ids of sentences between start and end, padded.

    Args:
      ids: ragged int `[n, (words)]`, of all sentences in one row.
      sentences: string `[...]`, whose shape the result takes.
      length: int, ids a sentence; longer ones are cut, and keep their end.
      special: Special.

    Returns:
      int32 `[..., length]`.
    """
    ids = tf.cast(ids[:, : length - 2], tf.int32)
    edge = tf.ones([ids.nrows(), 1], tf.int32)
    ids = tf.concat([edge * special.start, ids, edge * special.end], axis=1)
    dense = ids.to_tensor(special.pad, shape=[None, length])
    shape = tf.concat([tf.shape(sentences), [length]], axis=0)
    result = tf.reshape(dense, shape)
    result.set_shape(sentences.shape.concatenate([length]))
    return result


def cut_by_framing(tokens: tf.RaggedTensor, length: int) -> list[int]:
    """Returns how many tokens of each sentence `framed` leaves out.

    Args:
      tokens: ragged `[n, (words)]`, of sentences.
      length: int, as for `framed`.
    """
    return tf.nn.relu(tokens.row_lengths() - (length - 2)).numpy().tolist()


def unframed(ids: tf.Tensor, special: Special) -> tf.RaggedTensor:
    """Returns what stands between start and the first end.

    Args:
      ids: int32 `[n, length]`.
      special: Special.

    Returns:
      ragged int64 `[n, (words)]`.
    """
    ended = tf.cumsum(tf.cast(ids == special.end, tf.int32), axis=1)
    keep = (ended == 0) & (ids != special.pad) & (ids != special.start)
    return tf.cast(tf.ragged.boolean_mask(ids, keep), tf.int64)


def token_ids(
    sentences: tf.Tensor,
    lookup: Callable[[tf.RaggedTensor], tf.RaggedTensor],
    length: int,
    splitter: str = "words",
) -> tf.Tensor:
    """Returns the ids of sentences; Transform and `Tokenizer` share it.

    Args:
      sentences: string `[...]`, any static rank.
      lookup: words, ragged string `[n, (words)]`, to their lines in the
        vocabulary file, ragged int64; `UNKNOWN_INDEX` for other words.
      length: int, ids a sentence, start and end included; longer sentences
        are cut, and keep their end.
      splitter: of `words.SPLITTERS`.

    Returns:
      int32 `[..., length]`: start, words, end, padding.
    """
    flat = tf.reshape(sentences, [-1])
    ids = lookup(words.SPLITTERS[splitter].split(flat)) + vocabulary.NUM_SPECIAL
    return framed(ids, sentences, length, SPECIAL)


class Tokenizer(tf.Module):
    """Turns sentences into padded token ids, and ids into sentences.

    Ids: 0 padding, 1 start, 2 end, 3 unknown, then the vocabulary's words.

    Args:
      vocabulary_path: str, file with one word a line (`vocabulary.write`, or
        tf.Transform's vocabulary of `words.split`).
      length: int, ids a sentence, start and end included; longer sentences
        are cut, and keep their end.
      splitter: of `words.SPLITTERS`.
    """

    def __init__(
        self, vocabulary_path: str, length: int, splitter: str = "words"
    ):
        super().__init__(name="tokenizer")
        known = vocabulary.read(vocabulary_path)
        self.length = length
        self._splitter = splitter
        self.size = vocabulary.NUM_SPECIAL + len(known)
        # Tracked, so that a SavedModel carries the file with it.
        self.vocabulary_asset = tf.saved_model.Asset(vocabulary_path)
        self._ids = vocabulary.numbers_of_lines(
            self.vocabulary_asset, UNKNOWN_INDEX
        )
        self._words = vocabulary.lines_of_numbers(
            self.vocabulary_asset, vocabulary.UNKNOWN_WORD
        )

    def tokenize(self, sentences: tf.Tensor) -> tf.Tensor:
        """Returns the ids of sentences.

        Args:
          sentences: string `[...]`, any static rank.

        Returns:
          int32 `[..., length]`: start, words, end, padding.
        """
        return token_ids(
            sentences, self._ids.lookup, self.length, self._splitter
        )

    def lost(self, sentences: Sequence[str]) -> Lost:
        """Returns what `tokenize` loses of one or more sentences."""
        split = words.SPLITTERS[self._splitter].split(tf.constant(sentences))
        told = split.flat_values
        unknown = dict.fromkeys(
            told[self._ids.lookup(told) == UNKNOWN_INDEX].numpy()
        )
        # A text that has it means it.
        unknown.pop(vocabulary.UNKNOWN_WORD, None)
        return Lost(
            [word.decode() for word in unknown],
            cut_by_framing(split, self.length),
        )

    def detokenize(self, ids: tf.Tensor) -> tf.Tensor:
        """Returns sentences, up to each first end; special ids left out.

        Args:
          ids: int32 `[n, length]`.

        Returns:
          string `[n]`.
        """
        index = unframed(ids, SPECIAL) - vocabulary.NUM_SPECIAL
        return words.SPLITTERS[self._splitter].join(self._words.lookup(index))
