"""Tests of the CLEVR-SV builder."""

import json
import zipfile

import numpy as np
import pytest

from tfstory.datasets import registry, report
from tfstory.datasets.clevr_sv import labels, places, telling
from tfstory.datasets.clevr_sv import vectors as vectors_lib
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError


@pytest.fixture
def manual_dir(shared_data, tmp_path):
    """Four stories of the real data, unpacked."""
    with zipfile.ZipFile(shared_data / "clevr_sv.zip") as archive:
        for name in archive.namelist():
            if name.endswith("attributes.json") or "_00010" in name:
                archive.extract(name, tmp_path / "manual")
    (folder,) = (tmp_path / "manual").iterdir()
    return folder


def _prepare(folder, arguments=None):
    builder = prepare("clevr_sv", folder.parent / "data", folder, arguments)
    found = {
        example["story_id"].numpy().decode(): example
        for split in builder.info.splits
        for example in builder.as_dataset(split=split)
    }
    return found, report.read(builder.data_dir)["left_out"]


def test_real_story(manual_dir):
    found, left_out = _prepare(manual_dir)
    assert len(found) == 10 and not left_out
    story = found["CLEVR_new_000101"]
    assert story["sentences"].numpy().tolist() == [
        b"there is a small blue rubber cylinder",
        b"a large blue rubber cylinder is in front of the small blue rubber "
        b"cylinder",
        b"a small brown metal sphere is in front of the large blue rubber "
        b"cylinder",
        b"a small brown rubber cylinder is behind the small brown metal sphere",
    ]
    assert story["attributes"].numpy()[0] == b"shape,colour,material,size"
    assert story["values"].numpy()[2] == b"sphere,brown,metal,small"
    with open(manual_dir / "attributes.json") as file:
        vectors = json.load(file)
    np.testing.assert_array_equal(
        story["vector"].numpy()[3],
        np.float32(vectors["CLEVR_new_000101_4.png"]),
    )
    assert story["images"].shape == (4, 120, 160, 3)


def test_incomplete_stories_are_left_out(manual_dir):
    (manual_dir / "images" / "CLEVR_new_000101_2.png").unlink()
    with open(manual_dir / "attributes.json") as file:
        vectors = json.load(file)
    del vectors["CLEVR_new_000102_3.png"]
    vectors["CLEVR_new_000103_2.png"] = vectors["CLEVR_new_000103_3.png"]
    (manual_dir / "attributes.json").unlink()
    (manual_dir / "attributes.json").write_text(json.dumps(vectors))
    found, left_out = _prepare(manual_dir)
    assert len(found) == 7
    assert {e["story_id"][-3:]: e["reason"] for e in left_out} == {
        "101": "picture 2 is missing",
        "102": "frame 3 has no vector",
        "103": "frame 2 has 3 objects",
    }


def _names(builder, split):
    return {
        example["story_id"].numpy().decode()
        for example in builder.as_dataset(split=split)
    }


def test_drawn_stories_are_for_training_alone(manual_dir):
    data_dir = manual_dir.parent / "data"
    arguments = {"drawn_stories": 3, "held_out_share": 0.3}
    mixed = prepare("clevr_sv", data_dir, manual_dir, arguments)
    del arguments["drawn_stories"]
    real = prepare("clevr_sv", data_dir, manual_dir, arguments)
    drawn = {f"drawn-0-{index:07d}" for index in range(3)}
    assert _names(mixed, "train") == _names(real, "train") | drawn
    for split in ("validation", "test"):
        assert _names(mixed, split) == _names(real, split)
    counts = report.read(mixed.data_dir)["splits"]
    assert sum(part["stories"] for part in counts.values()) == 13


def test_drawn_story(manual_dir):
    found, left_out = _prepare(manual_dir, {"drawn_stories": 1})
    assert not left_out
    story, real = found["drawn-0-0000000"], found["CLEVR_new_000101"]
    assert story.keys() == real.keys()
    assert story["images"].shape == real["images"].shape
    assert story["vector"].shape == real["vector"].shape
    for count, vector in enumerate(story["vector"].numpy(), 1):
        np.testing.assert_array_equal(vector[72:], real["vector"][0, 72:])
        objects, right = vectors_lib.parse(vector.tolist())
        assert len(objects) == count
        sentence = story["sentences"][count - 1].numpy().decode()
        assert sentence == vectors_lib.sentence(objects, right)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"drawn_stories": -1}, "drawn_stories must be at least 0"),
        ({"drawn_stories": 1.5}, "drawn_stories must be int"),
        ({"held_out_share": 0.0}, "more than 0 and less than 0.5, not 0.0"),
        ({"held_out_share": 0.5}, "more than 0 and less than 0.5, not 0.5"),
        ({"held_out_share": "much"}, "held_out_share must be float"),
    ],
)
def test_wrong_arguments(tmp_path, arguments, message):
    with pytest.raises(UserError, match=message):
        registry.builder("clevr_sv", tmp_path, **arguments)


def test_described_stories_tell_places(manual_dir):
    found, left_out = _prepare(
        manual_dir, {"drawn_stories": 1, "described": True}
    )
    assert not left_out
    for story in (found["drawn-0-0000000"], found["CLEVR_new_000101"]):
        told = [sentence.decode() for sentence in story["sentences"].numpy()]
        labelled = telling.labels_of(told)
        for count, vector in enumerate(story["vector"].numpy(), 1):
            objects, right = vectors_lib.parse(vector.tolist())
            np.testing.assert_array_equal(
                labelled[count - 1], labels.label(objects)
            )
            sentence = told[count - 1]
            place = places.told(objects[-1])
            assert f"{objects[-1]} at {place}" in sentence
            assert sentence.replace(f" at {place}", "") == (
                vectors_lib.sentence(objects, right)
            )
