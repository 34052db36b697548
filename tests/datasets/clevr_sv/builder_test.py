"""Tests of the CLEVR-SV builder."""

import json
import zipfile

import numpy as np
import pytest

from tfstory.datasets import report
from tfstory.datasets.prepare import prepare


@pytest.fixture
def manual_dir(shared_data, tmp_path):
    """Four stories of the real data, unpacked."""
    with zipfile.ZipFile(shared_data / "clevr_sv.zip") as archive:
        for name in archive.namelist():
            if name.endswith("attributes.json") or "_00010" in name:
                archive.extract(name, tmp_path / "manual")
    (folder,) = (tmp_path / "manual").iterdir()
    return folder


def _prepare(folder):
    builder = prepare("clevr_sv", folder.parent / "data", folder)
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
