"""Examples are written once for each content, and never half."""

import json
import pathlib
from types import SimpleNamespace

import pytest
import tensorflow as tf

from tests.tfx_pipeline import toy_system
from tfstory import stories
from tfx_pipeline import examples


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """A dataset of three stories in place of a real one; counts loads."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "report.json").write_text(json.dumps({"splits": {}}))
    loads = []

    def load(config, data_dir, split):
        loads.append(split)
        encoded = [
            stories.encode(toy_system.story(i)).SerializeToString()
            for i in range(3)
        ]
        return tf.data.Dataset.from_tensor_slices(
            stories.parse(tf.constant(encoded), toy_system.FRAMES)
        )

    monkeypatch.setattr(
        examples.prepare,
        "prepare",
        lambda *args: SimpleNamespace(data_dir=str(data)),
    )
    monkeypatch.setattr(examples.load, "load", load)
    return loads


def _write(tmp_path, **data):
    config = toy_system.config()
    config.data.builder = {}
    config.data.stride = 1
    config.data.update(data)
    root = str(tmp_path / "examples")
    return examples.write(config, "data", None, root)


def test_three_splits_and_the_report_are_there(prepared, tmp_path):
    directory = pathlib.Path(_write(tmp_path))
    for split in examples.SPLITS:
        (file,) = (directory / split).iterdir()
        assert file.name.endswith(".gz")
    assert json.loads(
        pathlib.Path(examples.report_path(directory)).read_text()
    ) == {"splits": {}}


def test_what_is_there_is_not_written_again(prepared, tmp_path):
    assert _write(tmp_path) == _write(tmp_path)
    assert prepared == list(examples.SPLITS)


def test_an_unfinished_directory_is_written_again(prepared, tmp_path):
    directory = _write(tmp_path)
    pathlib.Path(examples.report_path(directory)).unlink()
    assert _write(tmp_path) == directory
    assert prepared == list(examples.SPLITS) * 2


def test_the_name_follows_what_is_in_the_files(prepared, tmp_path):
    assert _write(tmp_path, stride=2) != _write(tmp_path)
    assert _write(tmp_path, max_tokens=9) == _write(tmp_path)
