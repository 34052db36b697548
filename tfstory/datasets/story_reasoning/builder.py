"""Builder of StoryReasoning, from the Parquet files of its public set."""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from tfstory.datasets import splits
from tfstory.datasets.candidates import BadExample, Candidate, Frame, unusable
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
            return _rows(tables[name], group, _COLUMNS)

        def frames(name, group, row):
            return _frames(rows(name, group)[row])

        for match in files:
            name = match[0]
            for group in range(tables[name].num_row_groups):
                try:
                    found = _rows(tables[name], group, _COLUMNS[:1])
                except BadExample as error:
                    yield unusable(
                        f"{name} row group {group + 1}",
                        str(error),
                        match["split"],
                    )
                    continue
                for row, story in enumerate(found):
                    story_id = str(story["story_id"])
                    yield Candidate(
                        story_id,
                        functools.partial(frames, name, group, row),
                        _split(match["split"], story_id),
                    )


def _rows(table, group: int, columns: Sequence[str]) -> list[dict[str, Any]]:
    try:
        return table.read_row_group(group, columns=list(columns)).to_pylist()
    except Exception as error:  # Damage shows as anything from Arrow's depth.
        reason = " ".join(str(error).split())
        count = table.metadata.row_group(group).num_rows
        raise BadExample(
            f"a row group of {count} stories cannot be read: {reason}"
        ) from None


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
    except (pyarrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise UserError(
            f"{name} is not a whole Parquet file ({reason}); fetch it anew or "
            "take it away"
        ) from None
    missing = set(_COLUMNS) - set(table.schema_arrow.names)
    if missing:
        raise UserError(
            f"{name} lacks the column {sorted(missing)[0]}; it has "
            + ", ".join(table.schema_arrow.names)
        )
    return table


def _frames(row: dict[str, Any]) -> list[Frame]:
    images, story = row["images"] or [], row["story"] or ""
    if not isinstance(images, list) or not isinstance(story, str):
        raise BadExample("images is not a list, or story is not a text")
    if row["frame_count"] is not None and row["frame_count"] != len(images):
        raise BadExample(
            f"frame_count is {row['frame_count']}, but it has {len(images)} "
            "pictures"
        )
    return [
        Frame(_picture(image), sentence)
        for image, sentence in zip(
            images, texts.frame_texts(story, len(images)), strict=True
        )
    ]


def _picture(image: Any) -> bytes:
    data = image.get("bytes") if isinstance(image, dict) else image
    return data if isinstance(data, bytes) else b""
