"""Splits sentences into words and punctuation marks, and joins them again."""

import tensorflow as tf
import tensorflow_text as tf_text

# RE2 classes: white space is dropped, punctuation and symbols stay as tokens
# of their own; "_" marks an undecided word and is a word.
_DELIMITERS = r"\s+|[^\p{L}\p{M}\p{N}\s_'’]"
_KEPT_DELIMITERS = r"[^\p{L}\p{M}\p{N}\s_'’]"


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

    Args:
      words: ragged string `[n, (words)]`.

    Returns:
      string `[n]`.
    """
    text = tf.strings.reduce_join(words, axis=-1, separator=" ")
    text = tf.strings.regex_replace(text, r" ([.,!?;:%)\]}”])", r"\1")
    return tf.strings.regex_replace(text, r"([(\[{“]) ", r"\1")
