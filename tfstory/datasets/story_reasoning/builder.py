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
        tables = {match[0]: _open(source, match[0]) for match in files}

        # Stories come in order: one row group at a time is in memory.
        @functools.lru_cache(maxsize=1)
        def rows(name, group):
            table = tables[name].read_row_group(group, columns=list(_COLUMNS))
            return table.to_pylist()

        def frames(name, group, row):
            return _frames(rows(name, group)[row])

        for match in files:
            name = match[0]
            for group in range(tables[name].num_row_groups):
                for row, story_id in enumerate(_story_ids(tables[name], group)):
                    yield Candidate(
                        story_id,
                        functools.partial(frames, name, group, row),
                        _split(match["split"], story_id),
                    )


def _story_ids(table, group: int) -> list[str]:
    column = table.read_row_group(group, columns=["story_id"])
    return [str(value) for value in column["story_id"].to_pylist()]


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
