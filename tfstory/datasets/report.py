"""What became of a dataset's stories: kept, left out and why."""

import collections
import json
import os
import pathlib
from typing import Any

FILE_NAME = "report.json"
_SHOWN = 5


class Report:
    """Counts what is kept and names what is left out.

    Args:
      dataset: the dataset's name.
      arguments: the builder's arguments.
    """

    def __init__(self, dataset: str, arguments: dict[str, Any]):
        self._dataset = dataset
        self._arguments = arguments
        self._lengths = collections.defaultdict(collections.Counter)
        self._left_out = []
        self._notes = collections.Counter()
        self.source = ""

    def keep(self, split: str, frames: int) -> None:
        """Counts a good story of `frames` frames."""
        self._lengths[split][frames] += 1

    def leave_out(
        self, story_id: str, reason: str, frame: int | None = None
    ) -> None:
        """Names a story, or one frame of it (from 0), that is not used."""
        entry = {"story_id": story_id, "reason": reason}
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
            key=lambda e: (e["story_id"], e.get("frame", -1), e["reason"]),
        )
        stories = [e for e in left_out if "frame" not in e]
        return {
            "dataset": self._dataset,
            "arguments": self._arguments,
            "source": self.source,
            "splits": {
                split: {
                    "stories": sum(lengths.values()),
                    "frames": sum(n * k for n, k in lengths.items()),
                    "stories_by_length": {
                        str(n): lengths[n] for n in sorted(lengths)
                    },
                }
                for split, lengths in self._lengths.items()
            },
            "left_out_stories": len(stories),
            "left_out_frames": len(left_out) - len(stories),
            "left_out": left_out,
            "notes": dict(self._notes),
        }

    def write(self, directory: str | os.PathLike) -> None:
        """Writes `report.json` into a directory."""
        text = json.dumps(self.as_dict(), indent=2, ensure_ascii=False)
        # Names that are not UTF-8 become JSON's escapes.
        pathlib.Path(directory, FILE_NAME).write_bytes(
            text.encode(errors="backslashreplace")
        )

    def first_reasons(self) -> str:
        """Returns the first few things left out, in words."""
        parts = [_in_words(entry) for entry in self._left_out[:_SHOWN]]
        if len(self._left_out) > _SHOWN:
            parts.append(f"and {len(self._left_out) - _SHOWN} more")
        return "; ".join(parts)


def read(directory: str | os.PathLike) -> dict[str, Any] | None:
    """Returns the report beside prepared data; None where there is none."""
    path = pathlib.Path(directory, FILE_NAME)
    if not path.exists():
        return None
    return json.loads(path.read_text("utf-8"))


def lines(report: dict[str, Any]) -> list[str]:
    """Returns a report in a few lines of text."""
    dataset = report["dataset"]
    found = [
        f"{dataset} {split}: {counts['stories']} stories, "
        f"{counts['frames']} frames"
        for split, counts in report["splits"].items()
    ]
    found += [
        f"{dataset}: {text} ({count})"
        for text, count in report["notes"].items()
    ]
    left_out = report["left_out"]
    if left_out:
        found.append(
            f"{dataset}: left out {report['left_out_stories']} stories and "
            f"{report['left_out_frames']} single frames"
        )
        found += [f"  {_in_words(entry)}" for entry in left_out[:_SHOWN]]
        if len(left_out) > _SHOWN:
            found.append(f"  ... the rest is in {FILE_NAME}")
    return found


def _in_words(entry: dict[str, Any]) -> str:
    frame = f" frame {entry['frame'] + 1}" if "frame" in entry else ""
    text = f"{entry['story_id']}{frame}: {entry['reason']}"
    return text.encode(errors="backslashreplace").decode()
