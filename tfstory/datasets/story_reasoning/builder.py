"""Builder of StoryReasoning, from the Parquet files of its public set."""

import functools
import re
from collections.abc import Iterator
from typing import Any

from tfstory.datasets import splits
from tfstory.datasets.candidates import BadStory, Candidate, Frame
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.story_builder import StoryBuilder
from tfstory.datasets.story_reasoning import texts
from tfstory.errors import UserError

_PARQUET = re.compile(r"(?P<root>(?:.*/)?)(?P<split>train|test)[^/]*\.parquet")
_COLUMNS = ("story_id", "images", "frame_count", "story")
_VALIDATION_SHARE = 0.1


class StoryReasoning(StoryBuilder):
    """Film stories of several frames, whose text is grounded in them.

    The published test split is test; a tenth of train is validation.
    """

    DESCRIPTION = "StoryReasoning. CC-BY-ND 4.0."
    HOMEPAGE = "https://huggingface.co/datasets/daniel3303/StoryReasoning"
    LAYOUT = (
        "the Parquet files of the Hugging Face dataset "
        "daniel3303/StoryReasoning (train*.parquet, test*.parquet)"
    )
    WANTED = re.compile(r"(^|/)(train|test)[^/]*\.parquet$")
    name = "story_reasoning"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        files = source.matches(_PARQUET)
        if not files:
            raise UserError(
                f"{self.name}: no Parquet files found; expected {self.LAYOUT}"
            )
        for match in files:
            table = _open(source, match[0])
            for group in range(table.num_row_groups):
                rows = _RowGroup(table, group)
                for row, story_id in enumerate(rows.story_ids()):
                    yield Candidate(
                        story_id,
                        functools.partial(rows.frames, row),
                        _split(match["split"], story_id),
                    )


def _split(published: str, story_id: str) -> str:
    if published == "train" and splits.share(story_id) < _VALIDATION_SHARE:
        return splits.VALIDATION
    return published


def _open(source: SourceFiles, name: str):
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UserError(
            "story_reasoning reads Parquet files; install pyarrow"
        ) from None
    try:
        table = pyarrow.parquet.ParquetFile(source.open(name))
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise UserError(f"{name} is not a Parquet file: {error}") from None
    missing = set(_COLUMNS) - set(table.schema_arrow.names)
    if missing:
        raise UserError(
            f"{name} lacks the column {sorted(missing)[0]}; it has "
            + ", ".join(table.schema_arrow.names)
        )
    return table


class _RowGroup:
    """Some rows of a file, of which one at a time is kept in memory."""

    # The last one read, of all files: stories come in order.
    _loaded: tuple["_RowGroup", list[dict[str, Any]]] | None = None

    def __init__(self, table, group: int):
        self._table = table
        self._group = group

    def story_ids(self) -> list[str]:
        column = self._table.read_row_group(self._group, columns=["story_id"])
        return [str(value) for value in column["story_id"].to_pylist()]

    def frames(self, row: int) -> list[Frame]:
        loaded = _RowGroup._loaded
        if loaded is None or loaded[0] is not self:
            rows = self._table.read_row_group(
                self._group, columns=list(_COLUMNS)
            ).to_pylist()
            loaded = _RowGroup._loaded = (self, rows)
        return _frames(loaded[1][row])


def _frames(row: dict[str, Any]) -> list[Frame]:
    images = row["images"] or []
    if row["frame_count"] is not None and row["frame_count"] != len(images):
        raise BadStory(
            f"frame_count is {row['frame_count']}, but it has {len(images)} "
            "pictures"
        )
    sentences = texts.frame_texts(row["story"] or "", len(images))
    return [
        Frame((image or {}).get("bytes") or b"", sentence)
        for image, sentence in zip(images, sentences, strict=True)
    ]
