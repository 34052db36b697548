"""What a dataset's reader yields: examples not yet looked into."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any


class BadExample(Exception):
    """Says in words why an example, or a frame of it, cannot be used."""


@dataclasses.dataclass(frozen=True)
class Frame:
    """One frame as its source has it.

    Attributes:
      picture: the encoded picture, or a function that reads it and raises
        `BadExample` where it cannot.
      sentence: its text; bytes are UTF-8.
      decided: the text with undecided words as "_"; "" if not known.
      extras: values of the dataset's own features, one each a frame.
    """

    picture: bytes | Callable[[], bytes]
    sentence: str | bytes
    decided: str = ""
    extras: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Candidate:
    """An example, such as a story, that may be good.

    Attributes:
      name: what it is called, unique within the dataset.
      read: reads what it holds (a story's frames, an encoded picture);
        called only where that is wanted. It raises `BadExample` where the
        example as a whole is of no use.
      split: "train", "validation" or "test" where the source says so; None
        leaves it to a hash of `alike` or `name`.
      alike: candidates that are alike in it, such as equal lines of text,
        share a split; None where no other is like it.
    """

    name: str
    read: Callable[[], Any]
    split: str | None = None
    alike: str | None = None

    @property
    def hashed(self) -> str:
        """What decides the split where the source does not."""
        return self.name if self.alike is None else self.alike


def unusable(name: str, reason: str, split: str | None = None) -> Candidate:
    """Returns a candidate that will be left out, for a reason in words."""
    return Candidate(name, functools.partial(_refuse, reason), split)


def _refuse(reason: str):
    raise BadExample(reason)
