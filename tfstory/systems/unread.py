"""Tells what a model does not read of a user's own sentences."""

import logging
import textwrap
from collections.abc import Iterable, Sequence

from tfstory.text.minilm.tokenizer import WordPieceTokenizer
from tfstory.text.tokenizer import Tokenizer

_log = logging.getLogger(__name__)
# Of unknown words, and of cut sentences, so many are named.
_NAMED = 5
_SHOWN_CHARACTERS = 40


def warn(
    tokenizer: Tokenizer | WordPieceTokenizer, sentences: Iterable[str]
) -> None:
    """Warns of unknown words in a line, and of cut sentences in another.

    Args:
      tokenizer: the model's.
      sentences: one or more.
    """
    sentences = list(dict.fromkeys(sentences))
    unknown, cut = tokenizer.lost(sentences)
    if unknown:
        _log.warning(
            "the model does not know %s; its vocabulary is that of its "
            "training data",
            _first(unknown),
        )
    ends = [
        f"{count} of {shortened(sentence)!r}"
        for sentence, count in zip(sentences, cut, strict=True)
        if count
    ]
    if ends:
        _log.warning(
            "the model reads %d tokens of a sentence; cut are the last %s",
            tokenizer.length - 2,
            _first(ends),
        )


def _first(named: Sequence[str]) -> str:
    """Returns the first few in words, and how many more there are."""
    shown = ", ".join(named[:_NAMED])
    more = len(named) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def shortened(sentence: str) -> str:
    """Returns the beginning of a sentence, to name it by."""
    return textwrap.shorten(sentence, _SHOWN_CHARACTERS, placeholder="...")
