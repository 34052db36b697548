"""Sentences to token ids and back, in-graph and the same everywhere."""

from collections.abc import Callable

import tensorflow as tf

from tfstory.text import vocabulary, words

# What a word's lookup gives for a word that the vocabulary lacks.
UNKNOWN_INDEX = vocabulary.UNKNOWN - vocabulary.NUM_SPECIAL


def token_ids(
    sentences: tf.Tensor,
    lookup: Callable[[tf.RaggedTensor], tf.RaggedTensor],
    length: int,
) -> tf.Tensor:
    """Returns the ids of sentences; Transform and `Tokenizer` share it.

    Args:
      sentences: string `[...]`, any static rank.
      lookup: words, ragged string `[n, (words)]`, to their lines in the
        vocabulary file, ragged int64; `UNKNOWN_INDEX` for other words.
      length: int, ids a sentence, start and end included; longer sentences
        are cut, and keep their end.

    Returns:
      int32 `[..., length]`: start, words, end, padding.
    """
    flat = tf.reshape(sentences, [-1])
    ids = lookup(words.split(flat)) + vocabulary.NUM_SPECIAL
    ids = tf.cast(ids[:, : length - 2], tf.int32)
    edge = tf.ones([ids.nrows(), 1], tf.int32)
    ids = tf.concat(
        [edge * vocabulary.START, ids, edge * vocabulary.END], axis=1
    )
    dense = ids.to_tensor(vocabulary.PAD, shape=[None, length])
    shape = tf.concat([tf.shape(sentences), [length]], axis=0)
    result = tf.reshape(dense, shape)
    result.set_shape(sentences.shape.concatenate([length]))
    return result


class Tokenizer(tf.Module):
    """Turns sentences into padded token ids, and ids into sentences.

    Ids: 0 padding, 1 start, 2 end, 3 unknown, then the vocabulary's words.

    Args:
      vocabulary_path: str, file with one word a line (`vocabulary.write`, or
        tf.Transform's vocabulary of `words.split`).
      length: int, ids a sentence, start and end included; longer sentences
        are cut, and keep their end.
    """

    def __init__(self, vocabulary_path: str, length: int):
        super().__init__(name="tokenizer")
        known = vocabulary.read(vocabulary_path)
        self.length = length
        self.size = vocabulary.NUM_SPECIAL + len(known)
        # Tracked, so that a SavedModel carries the file with it.
        self.vocabulary_asset = tf.saved_model.Asset(vocabulary_path)
        self._ids = tf.lookup.StaticHashTable(
            tf.lookup.TextFileInitializer(
                self.vocabulary_asset.asset_path,
                tf.string,
                tf.lookup.TextFileIndex.WHOLE_LINE,
                tf.int64,
                tf.lookup.TextFileIndex.LINE_NUMBER,
            ),
            default_value=UNKNOWN_INDEX,
        )
        self._words = tf.lookup.StaticHashTable(
            tf.lookup.TextFileInitializer(
                self.vocabulary_asset.asset_path,
                tf.int64,
                tf.lookup.TextFileIndex.LINE_NUMBER,
                tf.string,
                tf.lookup.TextFileIndex.WHOLE_LINE,
            ),
            default_value="<unk>",
        )

    def tokenize(self, sentences: tf.Tensor) -> tf.Tensor:
        """Returns the ids of sentences.

        Args:
          sentences: string `[...]`, any static rank.

        Returns:
          int32 `[..., length]`: start, words, end, padding.
        """
        return token_ids(sentences, self._ids.lookup, self.length)

    def detokenize(self, ids: tf.Tensor) -> tf.Tensor:
        """Returns sentences, up to each first end; special ids left out.

        Args:
          ids: int32 `[n, length]`.

        Returns:
          string `[n]`.
        """
        ended = tf.cumsum(tf.cast(ids == vocabulary.END, tf.int32), axis=1)
        keep = (
            (ended == 0) & (ids != vocabulary.PAD) & (ids != vocabulary.START)
        )
        kept = tf.ragged.boolean_mask(ids, keep)
        index = tf.cast(kept, tf.int64) - vocabulary.NUM_SPECIAL
        return words.join(self._words.lookup(index))
