"""A vocabulary: a file of words, one a line, the most frequent first."""

import collections
import os
from collections.abc import Iterable

import tensorflow as tf

from tfstory.errors import UserError
from tfstory.text import words

# Special tokens come before the words of the file, which holds none of them.
PAD = 0
START = 1
END = 2
UNKNOWN = 3
NUM_SPECIAL = 4
# How text has an unknown word; where a text has it, it is one.
UNKNOWN_WORD = b"<unk>"

# Rarer words are left out, so that training meets unknown words too.
MIN_COUNT = 2
# The most frequent words stay however rare they are: a vocabulary of a few
# stories would else lack most of what they tell.
ALWAYS_KEPT = 100


def numbers_of_lines(
    file: tf.saved_model.Asset, unknown: int
) -> tf.lookup.StaticHashTable:
    """Returns a table from a file's lines, string, to their int64 numbers.

    Args:
      file: an asset, which a SavedModel carries with it.
      unknown: int, the answer for other strings.
    """
    return tf.lookup.StaticHashTable(
        tf.lookup.TextFileInitializer(
            file.asset_path,
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
        ),
        default_value=unknown,
    )


def lines_of_numbers(
    file: tf.saved_model.Asset, unknown: str | bytes
) -> tf.lookup.StaticHashTable:
    """Returns the table the other way; see `numbers_of_lines`."""
    return tf.lookup.StaticHashTable(
        tf.lookup.TextFileInitializer(
            file.asset_path,
            tf.int64,
            tf.lookup.TextFileIndex.LINE_NUMBER,
            tf.string,
            tf.lookup.TextFileIndex.WHOLE_LINE,
        ),
        default_value=unknown,
    )


def count_words(
    sentences: Iterable[tf.Tensor], splitter: str = "words"
) -> collections.Counter:
    """Counts words, but for unknown ones.

    Args:
      sentences: iterable of string tensors of any shape.
      splitter: of `words.SPLITTERS`.

    Returns:
      Counter of word (bytes) to number of occurrences.
    """
    split = tf.function(
        lambda text: words.SPLITTERS[splitter].split(text).flat_values,
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    counts = collections.Counter()
    for batch in sentences:
        counts.update(split(tf.reshape(batch, [-1])).numpy().tolist())
    del counts[UNKNOWN_WORD]
    return counts


def write(
    path: str,
    counts: collections.Counter,
    size: int,
    min_count: int = MIN_COUNT,
) -> None:
    """Writes the vocabulary file: the `size - 4` most frequent words.

    Words that occur less than `min_count` times are left out, unless they are
    among the `ALWAYS_KEPT` most frequent. Ties are broken by the word, the
    larger first as in tf.Transform, so that the file depends on the counts
    alone.

    Args:
      path: str, file to write.
      counts: word (bytes) to occurrences.
      size: int, number of ids, the special ones included.
      min_count: int; 1 leaves out none.

    Raises:
      UserError: there are no words at all.
    """
    if not counts:
        raise UserError(
            "the training examples hold no text, so no vocabulary can be made; "
            "check the dataset's sentences"
        )
    ranked = sorted(((n, word) for word, n in counts.items()), reverse=True)
    kept = [
        word
        for rank, (count, word) in enumerate(ranked[: size - NUM_SPECIAL])
        if count >= min_count or rank < ALWAYS_KEPT
    ]
    # Several workers may write the same file at once.
    temporary = f"{path}.{os.getpid()}.tmp"
    with tf.io.gfile.GFile(temporary, "wb") as file:
        file.write(b"".join(word + b"\n" for word in kept))
    tf.io.gfile.rename(temporary, path, overwrite=True)


def read(path: str) -> list[bytes]:
    """Returns the words of a vocabulary file, in order.

    Raises:
      UserError: the file is missing.
    """
    if not tf.io.gfile.exists(path):
        raise UserError(
            f"there is no vocabulary at {os.path.abspath(path)}; "
            "train first, or name the right --workdir"
        )
    with tf.io.gfile.GFile(path, "rb") as file:
        return file.read().splitlines()
