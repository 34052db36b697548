"""Tests of the StoryReasoning reader, on small files of the same shape."""

import pytest

from tfstory.datasets import report, splits
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

_SCHEMA = pyarrow.schema(
    [
        ("story_id", pyarrow.string()),
        (
            "images",
            pyarrow.list_(
                pyarrow.struct(
                    [("bytes", pyarrow.binary()), ("path", pyarrow.string())]
                )
            ),
        ),
        ("frame_count", pyarrow.int32()),
        ("chain_of_thought", pyarrow.string()),
        ("story", pyarrow.string()),
    ]
)


@pytest.fixture
def row(picture):
    def make(story_id, frames=2, **changes):
        return {
            "story_id": story_id,
            "images": [
                {"bytes": picture(kind="JPEG"), "path": None}
            ] * frames,
            "frame_count": frames,
            "chain_of_thought": "...",
            "story": "".join(
                f"<gdi image{k}>{story_id} <gdo a>{k}</gdo></gdi>"
                for k in range(1, frames + 1)
            ),
            **changes,
        }  # fmt: skip

    return make


def _write(tmp_path, name, rows):
    (tmp_path / "manual" / "data").mkdir(parents=True, exist_ok=True)
    parquet.write_table(
        pyarrow.Table.from_pylist(rows, _SCHEMA),
        tmp_path / "manual" / "data" / name,
        row_group_size=3,
    )


def _prepare(tmp_path):
    return prepare("story_reasoning", tmp_path / "d", tmp_path / "manual")


def _ids(builder):
    return {
        split: sorted(
            example["story_id"].numpy().decode()
            for example in builder.as_dataset(split=split)
        )
        for split in builder.info.splits
    }


def test_splits_and_row_groups(tmp_path, row):
    names = [str(i) for i in range(25)]
    _write(
        tmp_path, "train-00000-of-00002.parquet", [row(n) for n in names[:10]]
    )
    _write(
        tmp_path, "train-00001-of-00002.parquet", [row(n) for n in names[10:]]
    )
    _write(tmp_path, "test-00000-of-00001.parquet", [row("t", 3)])
    validation = {name for name in names if splits.share(name) < 0.1}
    assert 0 < len(validation) < 10
    builder = _prepare(tmp_path)
    assert _ids(builder) == {
        "train": sorted(set(names) - validation),
        "validation": sorted(validation),
        "test": ["t"],
    }
    (example,) = builder.as_dataset(split="test")
    assert example["sentences"].numpy().tolist() == [b"t 1", b"t 2", b"t 3"]
    assert example["images"].shape == (3, 6, 8, 3)


def test_bad_rows_are_left_out(tmp_path, row):
    _write(
        tmp_path,
        "test.parquet",
        [
            row("good"), row("count", frame_count=3), row("mute", story="..."),
            row("null", images=None), row("good"),
            row("lost", images=[{"bytes": None, "path": "x.jpg"}] * 2),
            row("spoilt", images=[{"bytes": b"no", "path": None}] * 2),
        ],
    )  # fmt: skip
    builder = _prepare(tmp_path)
    assert _ids(builder) == {"test": ["good"]}
    reasons = {
        entry["story_id"]: entry["reason"]
        for entry in report.read(builder.data_dir)["left_out"]
    }
    assert "frame_count is 3, but it has 2" in reasons["count"]
    assert reasons["mute"] == "frame 1 has no text"
    assert "0 pictures" in reasons["null"]
    assert "same name" in reasons["good"]
    assert "empty" in reasons["lost"]
    assert "not a picture" in reasons["spoilt"]


def test_missing_column(tmp_path):
    (tmp_path / "manual").mkdir()
    parquet.write_table(
        pyarrow.table({"story_id": ["a"], "images": [None]}),
        tmp_path / "manual" / "train.parquet",
    )
    with pytest.raises(UserError, match="lacks the column frame_count"):
        _prepare(tmp_path)


@pytest.mark.parametrize("data", [b"", b"PAR1 cut", b"PAR1" * 9])
def test_no_parquet(tmp_path, data):
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "train.parquet").write_bytes(data)
    with pytest.raises(UserError, match="not a whole Parquet.*fetch") as error:
        _prepare(tmp_path)
    assert "\n" not in str(error.value)


def test_file_cut_short(tmp_path, row):
    _write(tmp_path, "train.parquet", [row("a"), row("b")])
    path = tmp_path / "manual" / "data" / "train.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="not a whole Parquet file"):
        _prepare(tmp_path)


def _spoil(tmp_path, name, group, column):
    """Overwrites the pages of a column of a row group."""
    path = tmp_path / "manual" / "data" / name
    chunk = parquet.ParquetFile(path).metadata.row_group(group).column(column)
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    data = bytearray(path.read_bytes())
    data[start : start + chunk.total_compressed_size] = (
        b"\xff" * chunk.total_compressed_size
    )
    path.write_bytes(data)


def _index(tmp_path, name, column):
    schema = parquet.ParquetFile(tmp_path / "manual" / "data" / name).schema
    return [schema.column(i).path for i in range(len(schema))].index(column)


@pytest.mark.parametrize(
    ("column", "left_out"),
    [
        ("story_id", ["data/test.parquet row group 2"]),
        ("story", ["3", "4", "5"]),
    ],
)
def test_damaged_pages(tmp_path, row, column, left_out):
    _write(tmp_path, "test.parquet", [row(str(i)) for i in range(8)])
    _spoil(
        tmp_path, "test.parquet", 1, _index(tmp_path, "test.parquet", column)
    )
    builder = _prepare(tmp_path)
    assert _ids(builder) == {"test": ["0", "1", "2", "6", "7"]}
    entries = report.read(builder.data_dir)["left_out"]
    assert [entry["story_id"] for entry in entries] == left_out
    for entry in entries:
        assert "row group of 3 stories cannot be read" in entry["reason"]


def test_columns_of_other_types(tmp_path):
    (tmp_path / "manual").mkdir()
    table = {"story_id": [1, 2], "frame_count": [1, 1], "story": [5, 6]}
    parquet.write_table(
        pyarrow.table({**table, "images": ["a", "b"]}),
        tmp_path / "manual" / "test.parquet",
    )
    with pytest.raises(UserError, match="no story is left.*is not a list"):
        _prepare(tmp_path)
