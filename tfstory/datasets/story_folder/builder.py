"""Builder of a user's own stories: stories.jsonl beside their pictures."""

import functools
import json
import pathlib
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from tfstory.datasets import texts
from tfstory.datasets.candidates import BadExample, Candidate, Frame, unusable
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.story_builder import StoryBuilder
from tfstory.errors import UserError

FILE_NAME = "stories.jsonl"
_STORIES = re.compile(rf"(?P<root>(?:.*/)?){re.escape(FILE_NAME)}")
_PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")


class StoryFolder(StoryBuilder):
    """One story a line of `stories.jsonl`; there may be one in each folder.

    A line: `{"story_id": "...", "frames": [{"image": "path of the picture",
    "sentence": "..."}, ...]}`. Paths are relative to the file's folder.
    """

    DESCRIPTION = "Stories of the user's own."
    LAYOUT = (
        f"{FILE_NAME}, one story a line as "
        '{"story_id": ..., "frames": [{"image": ..., "sentence": ...}]}, and '
        "its pictures below the same folder, or an archive of them"
    )
    WANTED = re.compile(
        rf"(^|/){re.escape(FILE_NAME)}$"
        rf"|({'|'.join(map(re.escape, _PICTURE_ENDINGS))})$",
        re.IGNORECASE,
    )
    name = "story_folder"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        found = [m for m in map(_STORIES.fullmatch, source.names()) if m]
        if not found:
            raise UserError(
                f"{self.name}: no {FILE_NAME} found; expected {self.LAYOUT}"
            )
        # What is unpacked comes before the same in an archive.
        found.sort(key=lambda m: (m["root"].count("/"), m["root"]))
        for match in found:
            name, root = match[0], match["root"]
            if len(found) > 1:
                self._report.note(f"one of several {FILE_NAME}: {name}")
            place = f"{name} line" if len(found) > 1 else "line"
            try:
                data = source.read(name)
            except BadExample as error:
                raise UserError(f"{self.name}: {error}") from None
            for number, line in enumerate(data.split(b"\n"), 1):
                if line.strip():
                    yield _candidate(source, root, f"{place} {number}", line)


def _candidate(
    source: SourceFiles, root: str, place: str, line: bytes
) -> Candidate:
    try:
        story = _parsed(line)
    except BadExample as error:
        return unusable(place, str(error))
    return Candidate(
        story["story_id"],
        functools.partial(_frames, source, root, place, story["frames"]),
    )


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        story = json.loads(texts.decoded(line))
    except (ValueError, RecursionError) as error:
        raise BadExample(f"it is not JSON: {error}") from None
    if not isinstance(story, dict):
        raise BadExample("it is not a JSON object")
    story_id = story.get("story_id")
    if not isinstance(story_id, str) or not story_id.strip():
        raise BadExample("story_id is missing or not a text")
    frames = story.get("frames")
    if not isinstance(frames, list) or not frames:
        raise BadExample("frames is missing, empty or not a list")
    return {"story_id": texts.checked(story_id), "frames": frames}


def _frames(
    source: SourceFiles, root: str, place: str, frames: list[Any]
) -> list[Frame]:
    checked = []
    for position, frame in enumerate(frames, 1):
        if not isinstance(frame, dict):
            frame = {}
        for key in ("image", "sentence"):
            if not isinstance(frame.get(key), str):
                raise BadExample(
                    f"{place}, frame {position}: {key} is missing or not a text"
                )
        checked.append(
            Frame(
                functools.partial(_read, source, root, frame["image"]),
                frame["sentence"],
            )
        )
    return checked


def _read(source: SourceFiles, root: str, image: str) -> bytes:
    path = pathlib.PurePosixPath(image.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise BadExample(f"{image} lies outside of the stories' folder")
    if path.suffix.lower() not in _PICTURE_ENDINGS:
        raise BadExample(
            f"{image} ends in none of {', '.join(_PICTURE_ENDINGS)}"
        )
    return source.read(posixpath.join(root, path.as_posix()))
