"""A user's folder of pictures, and all that can be wrong with it."""

import pytest

from tfstory import examples
from tfstory.datasets import report
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError


def _prepared(folder):
    return prepare("picture_folder", folder.parent / "data", folder)


@pytest.fixture
def folder(tmp_path, picture):
    folder = tmp_path / "mine"
    (folder / "deep" / "er").mkdir(parents=True)
    for i in range(6):
        (folder / f"{i}.png").write_bytes(picture((40 * i, 0, 0), (80, 70)))
    (folder / "deep" / "er" / "A.JPG").write_bytes(
        picture("red", (100, 70), "JPEG")
    )
    return folder


def test_all_pictures_of_all_folders(folder, picture):
    (folder / "notes.txt").write_text("no picture")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._0.png").write_bytes(b"resources")
    builder = _prepared(folder)
    found = [
        face
        for split in builder.info.splits
        for face in builder.as_dataset(split=split).as_numpy_iterator()
    ]
    assert {face[examples.EXAMPLE_ID] for face in found} == {
        *(f"{i}.png".encode() for i in range(6)),
        b"deep/er/A.JPG",
    }
    assert {face[examples.IMAGE].shape for face in found} == {(64, 64, 3)}
    assert report.read(builder.data_dir)["left_out"] == []


def test_broken_and_small_pictures_are_named(folder, picture):
    (folder / "0.png").write_bytes(b"\x89PNG no")
    (folder / "small.png").write_bytes(picture("red", (9, 8)))
    found = report.read(_prepared(folder).data_dir)
    assert [e["picture_id"] for e in found["left_out"]] == ["0.png"]
    assert found["notes"] == {"enlarged to 64 pixels, kept": 1}
    assert sum(s["pictures"] for s in found["splits"].values()) == 7


def test_a_folder_without_pictures(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("no picture")
    with pytest.raises(UserError, match="no pictures found; expected pictures"):
        _prepared(tmp_path / "mine")


def test_a_size_that_is_too_small(folder):
    with pytest.raises(UserError, match="size"):
        prepare("picture_folder", folder.parent / "data", folder, {"size": 1})
