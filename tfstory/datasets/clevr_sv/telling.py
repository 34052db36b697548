"""Reads what stands where out of a described story's sentences."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tfstory.datasets.clevr_sv import labels, places, vectors
from tfstory.errors import UserError

_FIRST = "there is "
_OBJECT = " ".join(
    f"(?P<{name}>{'|'.join(values)})"
    for name, values in (
        ("size", vectors.SIZES),
        ("colour", vectors.COLOURS),
        ("material", vectors.MATERIALS),
        ("shape", vectors.SHAPES),
    )
)
_SENTENCE = re.compile(
    f"(?P<first>{_FIRST})?a {_OBJECT} at "
    r"column (?P<column>[0-9]{1,2}) and row (?P<row>[0-9]{1,2})"
    r"(?(first)| is .+)"
)


class _Told(NamedTuple):
    shape: str
    colour: str
    material: str
    size: str


def labels_of(sentences: Sequence[str]) -> np.ndarray:
    """Returns what stands where in each frame of a told story.

    Args:
      sentences: as `vectors.sentence` tells a whole story with places, from
        its first frame on.

    Returns:
      int64 `[frames, cells, attributes]`, see `labels`.

    Raises:
      UserError: a sentence gives no place, or the story does not begin with
        its first frame.
    """
    found, frames = [], []
    for sentence in sentences:
        found.append(_read(sentence, first=not found))
        frames.append(labels.label_placed(found))
    return np.stack(frames)


def _read(sentence: str, first: bool) -> tuple[_Told, places.Place]:
    match = _SENTENCE.fullmatch(sentence)
    if match and bool(match["first"]) == first:
        place = places.Place(int(match["column"]), int(match["row"]))
        if place.inside:
            return _Told(*(match[name] for name in _Told._fields)), place
    rest = "" if first else " is ..."
    raise UserError(
        f"the CLEVR-SV sentence {sentence!r} is not of the form "
        f'"{first * _FIRST}a ... at column C and row R{rest}"; use described '
        "stories (config.data.builder.described=True) from their first frame on"
    )
