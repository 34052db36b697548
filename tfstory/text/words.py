"""Splits sentences into words and punctuation marks, and joins them again."""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf
import tensorflow_text as tf_text

# RE2 classes: white space is dropped, punctuation and symbols stay as tokens
# of their own; "_" marks an undecided word and is a word.
_DELIMITERS = r"\s+|[^\p{L}\p{M}\p{N}\s_'’]"
_KEPT_DELIMITERS = r"[^\p{L}\p{M}\p{N}\s_'’]"

# Splitting forgets where blanks were; joining puts them where English mostly
# has them. Marks that close up to the word before, to the word after, and
# (word before, mark, word after) those that do so in numbers alone.
_CLOSING = r"[.,!?;:%)\]}”»/-]"
_OPENING = r"[(\[{“‘«/-]"
_OPENING_IN_NUMBERS = (
    r".*\p{Nd} \. \p{Nd}.*|.*\p{Nd} , \p{Nd}{3}|.*\p{Nd} : \p{Nd}{2}"
    r"|.* [$£€#] \p{Nd}.*"
)


def normalize(text: tf.Tensor) -> tf.Tensor:
    """Returns `text` in Unicode NFKC and folded to lower case.

    Bytes that are no UTF-8 become U+FFFD, so that no input can fail.

    Args:
      text: string, any shape.

    Returns:
      string, the shape of `text`.
    """
    valid = tf.strings.unicode_transcode(text, "UTF-8", "UTF-8")
    return tf_text.case_fold_utf8(tf_text.normalize_utf8(valid, "NFKC"))


def split(text: tf.Tensor) -> tf.RaggedTensor:
    """Splits each normalised string into words and punctuation marks.

    Args:
      text: string `[n]`.

    Returns:
      ragged string `[n, (words)]`.
    """
    return tf_text.regex_split(
        normalize(text),
        delim_regex_pattern=_DELIMITERS,
        keep_delim_regex_pattern=_KEPT_DELIMITERS,
    )


def join(words: tf.RaggedTensor) -> tf.Tensor:
    """Joins words into sentences, closing up punctuation.

    Straight double quotes open and close in turn; hyphens join compounds.

    Args:
      words: ragged string `[n, (words)]`.

    Returns:
      string `[n]`; splitting it gives back words that `split` made.
    """
    flat = words.flat_values
    row = words.value_rowids()
    is_first = row != tf.concat([[-1], row], axis=0)[:-1]
    before = tf.where(is_first, "", tf.concat([[""], flat], axis=0)[:-1])
    after = tf.concat([flat, [""]], axis=0)[1:]
    opening_quote, closing_quote = _straight_quotes(words)
    closes = closing_quote | tf.strings.regex_full_match(flat, _CLOSING)
    opens = (
        opening_quote
        | tf.strings.regex_full_match(flat, _OPENING)
        | tf.strings.regex_full_match(
            tf.strings.join([before, flat, after], separator=" "),
            _OPENING_IN_NUMBERS,
        )
    )
    after_opening = tf.concat([[False], opens], axis=0)[:-1]
    blanks = tf.where(is_first | closes | after_opening, "", " ")
    return tf.strings.reduce_join(
        words.with_flat_values(tf.strings.join([blanks, flat])), axis=-1
    )


def _straight_quotes(words: tf.RaggedTensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Which of the flat words are opening quotes, and which closing ones."""
    is_quote = words.flat_values == '"'
    count = tf.cast(is_quote, tf.int32)
    in_row = tf.reduce_sum(words.with_flat_values(count), axis=1)
    in_rows_before = tf.cumsum(in_row, exclusive=True)
    earlier = tf.cumsum(count, exclusive=True) - tf.gather(
        in_rows_before, words.value_rowids()
    )
    is_odd = earlier % 2 == 1
    return is_quote & ~is_odd, is_quote & is_odd


def split_at_blanks(text: tf.Tensor) -> tf.RaggedTensor:
    """Splits each string at white space, for text that is split already.

    Args:
      text: string `[n]`.

    Returns:
      ragged string `[n, (words)]`.
    """
    return tf.strings.split(
        tf.strings.unicode_transcode(text, "UTF-8", "UTF-8")
    )


def join_by_blanks(words: tf.RaggedTensor) -> tf.Tensor:
    """Joins words into sentences, the other way round.

    Args:
      words: ragged string `[n, (words)]`.

    Returns:
      string `[n]`.
    """
    return tf.strings.reduce_join(words, axis=-1, separator=" ")


def split_characters(text: tf.Tensor) -> tf.RaggedTensor:
    """Splits each string into its characters, for formulas such as SMILES.

    Args:
      text: string `[n]`.

    Returns:
      ragged string `[n, (characters)]`.
    """
    return tf.strings.unicode_split(text, "UTF-8")


def join_characters(characters: tf.RaggedTensor) -> tf.Tensor:
    """Joins characters, string `[n, (characters)]`, to string `[n]`."""
    return tf.strings.reduce_join(characters, axis=-1)


class Splitter(NamedTuple):
    """How text becomes words, and words text.

    Attributes:
      split: string `[n]` to ragged string `[n, (words)]`.
      join: ragged string `[n, (words)]` to string `[n]`.
    """

    split: Callable[[tf.Tensor], tf.RaggedTensor]
    join: Callable[[tf.RaggedTensor], tf.Tensor]


# By the name that a config has for it.
SPLITTERS = {
    "words": Splitter(split, join),
    "blanks": Splitter(split_at_blanks, join_by_blanks),
    "characters": Splitter(split_characters, join_characters),
}
