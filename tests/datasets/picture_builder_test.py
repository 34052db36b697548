"""Pictures as a dataset: kept, left out, split and loaded."""

import functools

import ml_collections
import pytest

from tfstory import examples
from tfstory.datasets import registry, report
from tfstory.datasets.candidates import BadExample, Candidate
from tfstory.datasets.load import load
from tfstory.datasets.picture_builder import PictureBuilder
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError

# What the builder under test yields: name to encoded picture.
_PICTURES = {}


class Pictures(PictureBuilder):
    """Pictures of a dictionary; None cannot be read."""

    name = "pictures"

    def candidates(self, source):
        for name, content in _PICTURES.items():
            yield Candidate(name, functools.partial(_read, content))


def _read(content):
    if content is None:
        raise BadExample("the file is missing")
    return content


@pytest.fixture
def prepared(tmp_path, monkeypatch, picture):
    monkeypatch.setattr(registry, "get", lambda name: Pictures)

    def make(**pictures):
        _PICTURES.clear()
        _PICTURES.update(pictures)
        return prepare("pictures", tmp_path)

    return make


def test_bad_pictures_are_left_out_and_named(prepared, picture):
    good = {f"face{i}": picture((i, 0, 0)) for i in range(8)}
    builder = prepared(**good, broken=b"\x89PNG no", gone=None)
    found = report.read(builder.data_dir)
    assert {e["picture_id"] for e in found["left_out"]} == {"broken", "gone"}
    assert found["left_out_pictures"] == 2
    held = [counts["pictures"] for counts in found["splits"].values()]
    assert sum(held) == 8 and len(held) == 3
    lines = report.lines(found)
    assert "pictures: left out 2 pictures" in lines
    assert "  gone: the file is missing" in lines


def test_raw_examples_hold_the_encoded_picture(prepared, picture, tmp_path):
    contents = {f"face{i}": picture((i, 0, 0)) for i in range(8)}
    prepared(**contents)
    config = ml_collections.ConfigDict(
        {"data": {"dataset": "pictures", "builder": {}}}
    )
    loaded = load(config, tmp_path, "train")
    assert set(loaded.element_spec) == set(examples.PICTURES.spec)
    for raw in loaded.as_numpy_iterator():
        name = raw[examples.EXAMPLE_ID].decode()
        assert raw[examples.IMAGE] == contents[name]
        assert raw[examples.SOURCE] == b"pictures"


def test_a_dataset_with_nothing_left_says_so(prepared):
    with pytest.raises(UserError, match="no picture is left .*gone: the file"):
        prepared(gone=None)
