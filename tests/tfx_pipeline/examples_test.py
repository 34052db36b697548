"""Examples are written once for each content, and never half."""

import json
import pathlib
from types import SimpleNamespace

import pytest
import tensorflow as tf

from tests.tfx_pipeline import toy_system
from tfstory import locks, stories
from tfstory.datasets import report as report_lib
from tfstory.datasets import splits
from tfstory.errors import UserError
from tfx_pipeline import examples


@pytest.fixture
def prepared(tmp_path, monkeypatch, toy_registered):
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
            stories.example_format(toy_system.FRAMES).parse(
                tf.constant(encoded)
            )
        )

    monkeypatch.setattr(
        examples.prepare,
        "prepare",
        lambda *args: SimpleNamespace(data_dir=str(data)),
    )
    monkeypatch.setattr(examples.load, "load", load)
    return loads


def _config(**data):
    config = toy_system.config()
    config.data.builder = {}
    config.data.stride = 1
    config.data.update(data)
    return config


def _write(tmp_path, **data):
    root = str(tmp_path / "examples")
    return examples.write(_config(**data), "data", None, root)


def _add_span(tmp_path, span):
    return pathlib.Path(
        examples.add_span(_config(), "data", None, str(tmp_path / "all"), span)
    )


def test_three_splits_and_the_report_are_there(prepared, tmp_path):
    directory = pathlib.Path(_write(tmp_path))
    for split in splits.SPLITS:
        (file,) = (directory / split).iterdir()
        assert file.name.endswith(".gz")
    assert json.loads(
        pathlib.Path(examples.report_path(directory)).read_text()
    ) == {"splits": {}}


def test_stories_that_are_too_short_are_counted():
    report = {
        "splits": {
            "train": {"stories": 6, "stories_by_length": {"3": 2, "5": 4}},
            "test": {"stories": 2, "stories_by_length": {"4": 1, "9": 1}},
        }
    }
    assert report_lib.too_short(report, 5) == 3
    assert report_lib.too_short(report, 3) == 0
    assert report_lib.too_short({"splits": {"train": {"numbers": 4}}}, 5) == 0


def test_what_was_left_out_is_said(prepared, tmp_path):
    left_out = [{"story_id": "a", "reason": "no text"}]
    (tmp_path / "data" / "report.json").write_text(
        json.dumps({"splits": {}, "left_out_stories": 1, "left_out": left_out})
    )
    said = []
    root = str(tmp_path / "examples")
    examples.write(_config(), "data", None, root, said.append)
    line = f"toy: left out 1 story; {tmp_path}/data/report.json names them"
    assert said[0] == line
    # In a later run too, which writes nothing.
    said.clear()
    examples.write(_config(), "data", None, root, said.append)
    assert said == [line]


def test_what_is_there_is_not_written_again(prepared, tmp_path):
    assert _write(tmp_path) == _write(tmp_path)
    assert prepared == list(splits.SPLITS)


def test_an_unfinished_directory_is_written_again(prepared, tmp_path):
    directory = _write(tmp_path)
    pathlib.Path(examples.report_path(directory)).unlink()
    assert _write(tmp_path) == directory
    assert prepared == list(splits.SPLITS) * 2


def test_the_name_follows_what_is_in_the_files(prepared, tmp_path):
    assert _write(tmp_path, stride=2) != _write(tmp_path)
    assert _write(tmp_path, max_tokens=9) == _write(tmp_path)


def test_a_span_has_examples_and_report(prepared, tmp_path):
    directory = _add_span(tmp_path, 3)
    assert directory == tmp_path / "all" / "span-3"
    names = {path.name for path in directory.iterdir()}
    assert names == {*splits.SPLITS, "report.json"}


def test_a_span_is_never_written_twice(prepared, tmp_path):
    _add_span(tmp_path, 3)
    with pytest.raises(UserError, match="span-3 is there already"):
        _add_span(tmp_path, 3)
    _add_span(tmp_path, 4)


def test_one_process_at_a_time_adds_a_span(prepared, tmp_path):
    with locks.held(tmp_path / "all" / ".span-3.lock"):
        with pytest.raises(UserError, match="another process adds .*span-3"):
            _add_span(tmp_path, 3)
        _add_span(tmp_path, 4)


def test_half_a_span_is_no_span(prepared, tmp_path, monkeypatch):
    whole = examples.records.write

    def fail_on_test(dataset, directory):
        if directory.endswith("test"):
            raise KeyboardInterrupt
        return whole(dataset, directory)

    with monkeypatch.context() as patch:
        patch.setattr(examples.records, "write", fail_on_test)
        with pytest.raises(KeyboardInterrupt):
            _add_span(tmp_path, 3)
    assert list((tmp_path / "all").glob("span-*")) == []
    _add_span(tmp_path, 3)
    names = {path.name for path in (tmp_path / "all").iterdir()}
    assert names == {"span-3", ".span-3.lock"}
