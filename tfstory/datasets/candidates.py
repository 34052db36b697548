"""What a dataset's reader yields: stories not yet looked into."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class BadStory(Exception):
    """Says in words why a story, or a frame, cannot be used."""


@dataclasses.dataclass(frozen=True)
class Frame:
    """One frame as its source has it.

    Attributes:
      picture: the encoded picture, or a function that reads it and raises
        `BadStory` where it cannot.
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
    """A story that may be good.

    Attributes:
      story_id: its name, unique within the dataset.
      frames: reads the frames; called only where they are wanted. It raises
        `BadStory` where the story as a whole is of no use.
      split: "train", "validation" or "test" where the source says so; None
        leaves it to a hash of `story_id`.
    """

    story_id: str
    frames: Callable[[], Sequence[Frame]]
    split: str | None = None
