"""A user's folder of pictures, and all that can be wrong with it."""

import zipfile

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


def _split_of(builder):
    """Returns the split of each picture."""
    return {
        face[examples.EXAMPLE_ID].decode(): split
        for split in builder.info.splits
        for face in builder.as_dataset(split=split).as_numpy_iterator()
    }


def test_equal_files_share_a_split(folder):
    (folder / "copies").mkdir()
    names = [f"{i}.png" for i in range(6)]
    for name in names:
        (folder / "copies" / name).write_bytes((folder / name).read_bytes())
    split_of = _split_of(_prepared(folder))
    assert len(split_of) == 13 and len(set(split_of.values())) == 3
    for name in names:
        assert split_of[name] == split_of[f"copies/{name}"]


def test_what_an_archive_holds_and_lies_unpacked_is_taken_once(folder, picture):
    """Wherever it was unpacked, and only where it is the same."""
    other = picture("blue", (90, 90))
    with zipfile.ZipFile(folder / "mine.zip", "w") as archive:
        for i in range(1, 6):
            archive.write(folder / f"{i}.png", f"pictures/{i}.png")
        archive.writestr("0.png", other)
    builder = _prepared(folder)
    assert set(_split_of(builder)) == {
        *(f"{i}.png" for i in range(6)),
        "deep/er/A.JPG",
        "mine.zip/0.png",
    }
    found = report.read(builder.data_dir)
    assert found["notes"] == {"in an archive and unpacked, taken once": 5}


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
