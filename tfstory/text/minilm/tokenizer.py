"""Sentences to BERT's WordPiece ids and back, in-graph."""

from collections.abc import Sequence

import tensorflow as tf
import tensorflow_text as tf_text

from tfstory.errors import UserError
from tfstory.text import vocabulary, words
from tfstory.text.tokenizer import (
    Lost,
    Special,
    cut_by_framing,
    framed,
    unframed,
)

# Devlin et al. 2019: what opens, ends and fills a row, and unknown words.
_PAD, _START, _END, _UNKNOWN = b"[PAD]", b"[CLS]", b"[SEP]", b"[UNK]"
_SUFFIX_MARK = "##"
# Longer words are unknown ones.
_LONGEST_WORD = 100

# RE2 classes. What shows nothing vanishes; blanks part words.
_INVISIBLE = r"[^\P{C}\t\n\r]|\x{FFFD}"
_BLANKS = r"[\s\p{Z}]+"
# Each of these is a word: all of ASCII that is no letter, digit or blank,
# other punctuation, and ideographs, which are written without blanks.
_SINGLE_CHARACTERS = (
    r"[!-/:-@\[-`{-~\p{P}"
    r"\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}\x{F900}-\x{FAFF}"
    r"\x{20000}-\x{2A6DF}\x{2A700}-\x{2CEAF}\x{2F800}-\x{2FA1F}]"
)
# The split takes "it's" apart; blanks around other apostrophes stay.
_CONTRACTION = r"(\pL) (['’]) (s|t|d|m|re|ve|ll)\b"


def normalize(text: tf.Tensor) -> tf.Tensor:
    """Returns `text` in lower case, without accents and control characters.

    Unlike `words.normalize` it keeps signs such as "…", "½" and "ß", which
    the pretrained vocabulary knows.

    Args:
      text: string, any shape.

    Returns:
      string, the shape of `text`.
    """
    valid = tf.strings.unicode_transcode(text, "UTF-8", "UTF-8")
    visible = tf.strings.regex_replace(valid, _INVISIBLE, "")
    # A final sigma has a letter of its own, which BERT's lower case ignores.
    sigma = tf.strings.regex_replace(visible, "Σ", "σ")
    lower = tf.strings.lower(sigma, encoding="utf-8")
    return tf.strings.regex_replace(
        tf_text.normalize_utf8(lower, "NFD"), r"\p{Mn}", ""
    )


class WordPieceTokenizer(tf.Module):
    """Turns sentences into padded ids of an uncased BERT, and ids back.

    WordPiece (Wu et al. 2016) takes the longest known piece first. The same
    interface as `tfstory.text.tokenizer.Tokenizer`; the ids are those
    that BERT was trained with, save that "[SEP]" and the like within a
    sentence are plain text here.

    Args:
      vocabulary_path: str, BERT's file with one piece a line.
      length: int, ids a sentence, start and end included; longer sentences
        are cut, and keep their end.

    Raises:
      UserError: the file is missing, or lacks BERT's special pieces.
    """

    def __init__(self, vocabulary_path: str, length: int):
        super().__init__(name="word_piece_tokenizer")
        pieces = vocabulary.read(vocabulary_path)
        special = (_PAD, _START, _END, _UNKNOWN)
        if missing := [p.decode() for p in special if p not in pieces]:
            raise UserError(
                f"{vocabulary_path} is no vocabulary of BERT: it lacks "
                + ", ".join(missing)
            )
        self.length = length
        self.size = len(pieces)
        self.pad, self.start, self.end, self.unknown = map(
            pieces.index, special
        )
        self._special = Special(self.pad, self.start, self.end)
        # Tracked, so that a SavedModel carries the file with it.
        self.vocabulary_asset = tf.saved_model.Asset(vocabulary_path)
        # By -1 the op below tells that there is no such piece.
        self._ids = vocabulary.numbers_of_lines(self.vocabulary_asset, -1)
        self._pieces = vocabulary.lines_of_numbers(
            self.vocabulary_asset, _UNKNOWN
        )
        self._word_pieces = tf_text.WordpieceTokenizer(
            self._ids,
            suffix_indicator=_SUFFIX_MARK,
            # UTF-8 has up to four a character.
            max_bytes_per_word=4 * _LONGEST_WORD,
            unknown_token=_UNKNOWN.decode(),
        )

    def tokenize(self, sentences: tf.Tensor) -> tf.Tensor:
        """Returns the ids of sentences.

        Args:
          sentences: string `[...]`, any static rank.

        Returns:
          int32 `[..., length]`: start, pieces, end, padding.
        """
        return framed(
            self._split(sentences), sentences, self.length, self._special
        )

    def lost(self, sentences: Sequence[str]) -> Lost:
        """Returns what `tokenize` loses of one or more sentences.

        No words, since pieces make up all but very few.
        """
        pieces = self._split(tf.constant(sentences))
        return Lost([], cut_by_framing(pieces, self.length))

    def detokenize(self, ids: tf.Tensor) -> tf.Tensor:
        """Returns sentences, up to each first end; special ids left out.

        Args:
          ids: int32 `[n, length]`.

        Returns:
          string `[n]`, in lower case and without accents.
        """
        pieces = self._pieces.lookup(unframed(ids, self._special))
        text = tf.strings.reduce_join(pieces, axis=-1, separator=" ")
        text = tf.strings.regex_replace(text, f" {_SUFFIX_MARK}", "")
        text = tf.strings.regex_replace(text, _CONTRACTION, r"\1\2\3")
        return words.join(tf.strings.split(text))

    def _split(self, sentences):
        """Returns the ids of all pieces, ragged int `[n, (pieces)]`."""
        split = tf_text.regex_split(
            normalize(tf.reshape(sentences, [-1])),
            delim_regex_pattern=f"{_BLANKS}|{_SINGLE_CHARACTERS}",
            keep_delim_regex_pattern=_SINGLE_CHARACTERS,
        )
        characters = tf.strings.length(split.flat_values, unit="UTF8_CHAR")
        split = split.with_flat_values(
            tf.where(
                characters > _LONGEST_WORD,
                _UNKNOWN,
                split.flat_values,
            )
        )
        return self._word_pieces.tokenize(split).merge_dims(1, 2)
