"""Tests of windows, of loading them, and of writing them as records."""

import gzip
import pathlib

import ml_collections
import pytest
import tensorflow as tf

from tfstory import stories
from tfstory.datasets import records
from tfstory.datasets.load import load
from tfstory.datasets.prepare import prepare
from tfstory.datasets.windows import windows
from tfstory.errors import UserError

_TWO = stories.example_format(2)
_LENGTHS = {"long": 6, "fits": 4, "short": 2, "a": 3, "b": 4, "c": 5}


@pytest.fixture
def prepared(story_folder):
    folder = story_folder(_LENGTHS)
    return prepare("story_folder", folder.parent / "data", folder)


def _all(builder, frames, stride=1):
    return [
        raw
        for split in builder.info.splits
        for raw in windows(builder, split, frames, stride).as_numpy_iterator()
    ]


def _ids(examples):
    return sorted(raw["story_id"].decode() for raw in examples)


def test_every_run_of_frames(prepared):
    assert _ids(_all(prepared, 4)) == [
        "b#0", "c#0", "c#1", "fits#0", "long#0", "long#1", "long#2",
    ]  # fmt: skip


def test_stride(prepared):
    assert _ids(_all(prepared, 2, stride=3)) == [
        "a#0", "b#0", "c#0", "c#3", "fits#0", "long#0", "long#3", "short#0",
    ]  # fmt: skip


def test_windows_are_runs_of_the_whole_story(prepared):
    (whole,) = _all(prepared, 6)
    assert whole["story_id"] == b"long#0"
    found = {
        raw["story_id"].decode(): raw
        for raw in _all(prepared, 4)
        if raw["story_id"].startswith(b"long")
    }
    assert sorted(found) == ["long#0", "long#1", "long#2"]
    for first in range(3):
        raw = found[f"long#{first}"]
        for name in ("images", "sentences"):
            expected = whole[name][first : first + 4]
            assert raw[name].tolist() == expected.tolist()
        assert raw["decided"].tolist() == [b""] * 4
        assert raw["source"] == b"story_folder"
        assert raw["story_length"] == 6


def test_features_are_those_of_parse(prepared):
    examples = windows(prepared, "train", 3)
    spec = examples.element_spec
    parsed = stories.example_format(3).parse(tf.constant([], tf.string))
    assert {n: (s.dtype, s.shape) for n, s in spec.items()} == {
        name: (tensor.dtype, tensor.shape[1:])
        for name, tensor in parsed.items()
    }


def test_order_repeats(prepared):
    one, two = (
        [raw["story_id"] for raw in windows(prepared, "train", 2)]
        for _ in range(2)
    )
    assert len(one) > 1
    assert one == two


def _config(prepared, **changes):
    data = dict(
        dataset="story_folder", builder={}, frames=2, stride=1,
        max_train_examples=0,
    )  # fmt: skip
    return ml_collections.ConfigDict({"data": {**data, **changes}})


def _data_dir(prepared):
    return pathlib.Path(prepared.data_dir).parents[2]


def test_load_takes_what_the_config_asks_for(prepared):
    config = _config(prepared)
    everything = list(load(config, _data_dir(prepared), "train"))
    config.data.max_train_examples = 3
    few = list(load(config, _data_dir(prepared), "train"))
    assert len(everything) > 3
    assert [raw["story_id"].numpy() for raw in few] == [
        raw["story_id"].numpy() for raw in everything[:3]
    ]


def test_load_without_preparing(tmp_path):
    config = _config(None, dataset="codraw", builder={"width": 64})
    with pytest.raises(
        UserError,
        match="run `tfstory prepare --dataset=codraw .*--builder.width=64`",
    ):
        load(config, tmp_path, "train")


def test_load_when_all_stories_are_shorter(prepared):
    with pytest.raises(UserError, match="shorter than 7 frames"):
        load(_config(prepared, frames=7), _data_dir(prepared), "train")


@pytest.mark.parametrize("name", ["frames", "stride"])
def test_load_refuses_nonsense(prepared, name):
    with pytest.raises(UserError, match=f"{name} must be 1 or more"):
        load(_config(prepared, **{name: 0}), _data_dir(prepared), "train")


def test_load_a_split_without_stories(story_folder):
    folder = story_folder({"only": 3})
    builder = prepare("story_folder", folder.parent / "data", folder)
    empty = ({"train", "validation", "test"} - set(builder.info.splits)).pop()
    with pytest.raises(UserError, match=f"has no {empty} stories"):
        load(_config(builder), _data_dir(builder), empty)


def _plain(examples):
    return {
        raw["story_id"]: {
            name: value.tolist() if hasattr(value, "tolist") else value
            for name, value in raw.items()
        }
        for raw in examples.as_numpy_iterator()
    }


@pytest.mark.parametrize("shards", [1, 3])
def test_records_come_back_as_written(prepared, tmp_path, shards):
    examples = windows(prepared, "train", 2)
    written = records.write(examples, tmp_path / "records", shards)
    files = sorted((tmp_path / "records").iterdir())
    assert len(files) == shards
    assert gzip.decompress(files[0].read_bytes())
    back = records.read(str(tmp_path / "records" / "*"), _TWO)
    assert back.element_spec == examples.element_spec
    assert len(_plain(back)) == written
    assert _plain(back) == _plain(examples)


def test_records_of_before_are_replaced(prepared, tmp_path):
    examples = windows(prepared, "train", 2)
    records.write(examples, tmp_path, 3)
    written = records.write(examples.take(2), tmp_path, 1)
    assert written == 2
    pattern = str(tmp_path / "examples-*")
    assert len(list(records.read(pattern, _TWO))) == 2
