"""What became of a dataset's examples: kept, left out and why."""

import collections
import json
import os
import pathlib
from typing import Any, NamedTuple

from tfstory.datasets import splits

FILE_NAME = "report.json"
_SHOWN = 5


class Unit(NamedTuple):
    """What a dataset calls one of its examples, and several."""

    one: str
    many: str


STORIES = Unit("story", "stories")
PICTURES = Unit("picture", "pictures")
NUMBERS = Unit("number", "numbers")
LINES = Unit("line", "lines")
MELODIES = Unit("melody", "melodies")
SEQUENCES = Unit("sequence", "sequences")
_FRAMES = Unit("frame", "frames")
_SINGLE_FRAMES = Unit("single frame", "single frames")
_ONE = {
    unit.many: unit.one
    for unit in (
        STORIES,
        PICTURES,
        NUMBERS,
        LINES,
        MELODIES,
        SEQUENCES,
        _FRAMES,
        _SINGLE_FRAMES,
    )
}


class Report:
    """Counts what is kept and names what is left out.

    Args:
      dataset: the dataset's name.
      arguments: the builder's arguments.
      unit: what it counts; stories have frames.
    """

    def __init__(
        self, dataset: str, arguments: dict[str, Any], unit: Unit = STORIES
    ):
        self._dataset = dataset
        self._arguments = arguments
        self._unit = unit
        self._lengths = collections.defaultdict(collections.Counter)
        self._left_out = []
        self._notes = collections.Counter()
        self.source = ""

    def keep(self, split: str, frames: int = 1) -> None:
        """Counts a good example; a story has `frames` frames."""
        self._lengths[split][frames] += 1

    def leave_out(
        self, name: str, reason: str, frame: int | None = None
    ) -> None:
        """Names an example, or one frame of it (from 0), that is not used."""
        entry = {self._key: name, "reason": reason}
        if frame is not None:
            entry["frame"] = frame
        self._left_out.append(entry)

    def note(self, text: str) -> None:
        """Counts something unusual that is kept all the same."""
        self._notes[text] += 1

    def as_dict(self) -> dict[str, Any]:
        """Returns the report for JSON."""
        left_out = sorted(
            self._left_out,
            key=lambda e: (e[self._key], e.get("frame", -1), e["reason"]),
        )
        whole = [e for e in left_out if "frame" not in e]
        report = {
            "dataset": self._dataset,
            "unit": self._unit,
            "arguments": self._arguments,
            "source": self.source,
            "splits": {
                split: self._counts(lengths)
                for split, lengths in self._lengths.items()
            },
            f"left_out_{self._unit.many}": len(whole),
            "left_out": left_out,
            "notes": dict(self._notes),
        }
        if self._unit == STORIES:
            report["left_out_frames"] = len(left_out) - len(whole)
        return report

    def _counts(self, lengths: collections.Counter) -> dict[str, Any]:
        counts = {self._unit.many: sum(lengths.values())}
        if self._unit == STORIES:
            counts["frames"] = sum(n * k for n, k in lengths.items())
            counts["stories_by_length"] = {
                str(n): lengths[n] for n in sorted(lengths)
            }
        return counts

    @property
    def _key(self) -> str:
        return _key(self._unit)

    def write(self, directory: str | os.PathLike) -> None:
        """Writes `report.json` into a directory."""
        text = json.dumps(self.as_dict(), indent=2, ensure_ascii=False)
        # Names that are not UTF-8 become JSON's escapes.
        pathlib.Path(directory, FILE_NAME).write_bytes(
            text.encode(errors="backslashreplace")
        )

    def first_reasons(self) -> str:
        """Returns the first few things left out, in words."""
        parts = [
            _in_words(entry, self._unit) for entry in self._left_out[:_SHOWN]
        ]
        if len(self._left_out) > _SHOWN:
            parts.append(f"and {len(self._left_out) - _SHOWN} more")
        return "; ".join(parts)


def read(directory: str | os.PathLike) -> dict[str, Any] | None:
    """Returns the report beside prepared data; None where there is none."""
    path = pathlib.Path(directory, FILE_NAME)
    if not path.exists():
        return None
    return json.loads(path.read_text("utf-8"))


def unit(report: dict[str, Any]) -> Unit:
    """Returns what a report counts."""
    return Unit(*report.get("unit", STORIES))


def counts(report: dict[str, Any], split: str) -> dict[str, int]:
    """Returns what a split holds, such as 3 stories and 15 frames."""
    found = report.get("splits", {}).get(split, {})
    return {n: count for n, count in found.items() if isinstance(count, int)}


def left_out(report: dict[str, Any]) -> dict[str, int]:
    """Returns how much was left out, such as 3 stories and 1 single frame."""
    many = unit(report).many
    found = {many: report.get(f"left_out_{many}", 0)}
    if report.get("left_out_frames"):
        found[_SINGLE_FRAMES.many] = report["left_out_frames"]
    return found


def too_short(report: dict[str, Any], frames: int, split: str = "") -> int:
    """Returns how many stories have fewer frames than a window takes.

    Args:
      report: of a dataset.
      frames: of a window.
      split: the split to look at; "" for all.
    """
    splits = report.get("splits", {})
    return sum(
        count
        for name, found in splits.items()
        for length, count in found.get("stories_by_length", {}).items()
        if int(length) < frames and split in ("", name)
    )


def too_short_in_words(report: dict[str, Any], frames: int) -> str:
    """Returns what is too short as a phrase; "" where nothing is."""
    count = too_short(report, frames)
    if not count:
        return ""
    return (
        f"{in_words({STORIES.many: count})} with fewer than {frames} frames, "
        "which give no example"
    )


def reasons(report: dict[str, Any], most: int) -> list[str]:
    """Returns the first things left out, and why, in words."""
    return [
        _in_words(entry, unit(report))
        for entry in report.get("left_out", [])[:most]
    ]


def lines(report: dict[str, Any]) -> list[str]:
    """Returns a report in a few lines of text."""
    dataset = report["dataset"]
    found = [
        f"{dataset} {split}: {in_words(counts(report, split), ', ')}"
        for split in report["splits"]
    ]
    empty = [split for split in splits.SPLITS if split not in report["splits"]]
    if empty:
        found.append(
            f"{dataset}: nothing for {' and '.join(empty)}, which training or "
            f"evaluation will ask for; add {unit(report).many}"
        )
    found += [
        f"{dataset}: {text} ({count})"
        for text, count in report["notes"].items()
    ]
    entries = report["left_out"]
    if entries:
        found.append(f"{dataset}: left out {in_words(left_out(report))}")
        found += [f"  {line}" for line in reasons(report, _SHOWN)]
        if len(entries) > _SHOWN:
            found.append(f"  ... the rest is in {FILE_NAME}")
    return found


def in_words(numbers: dict[str, int], between: str = " and ") -> str:
    """Returns counts as text: "1 story and 15 frames"."""
    return between.join(
        f"{count} {_ONE.get(name, name) if count == 1 else name}"
        for name, count in numbers.items()
    )


def _key(what: Unit) -> str:
    return f"{what.one}_id"


def _in_words(entry: dict[str, Any], what: Unit) -> str:
    frame = f" frame {entry['frame'] + 1}" if "frame" in entry else ""
    text = f"{entry[_key(what)]}{frame}: {entry['reason']}"
    return text.encode(errors="backslashreplace").decode()
