"""CelebA's files as a dataset, and all that can be wrong with them."""

import io
import shutil

import numpy as np
import pytest
from PIL import Image

from tfstory import examples
from tfstory.datasets import report, splits
from tfstory.datasets.faces import attributes_file
from tfstory.datasets.faces.builder import Faces
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError

_LIST = """3
Smiling Young
000001.jpg  1 -1
000002.jpg -1 -1
000003.jpg  1  1
000004.jpg  1
"""


@pytest.fixture
def celeba(tmp_path, picture):
    def write(count=12, attributes=_LIST, partition=None):
        folder = tmp_path / "celeba"
        (folder / "img_align_celeba").mkdir(parents=True)
        for i in range(1, count + 1):
            (folder / "img_align_celeba" / f"{i:06d}.jpg").write_bytes(
                picture((20 * i % 256, 0, 0), (89, 109), "JPEG")
            )
        if attributes:
            (folder / "list_attr_celeba.txt").write_text(attributes)
        if partition:
            (folder / "list_eval_partition.txt").write_text(partition)
        return folder

    return write


def _prepared(folder):
    return prepare("faces", folder.parent / "data", folder, {"size": 16})


def _faces(builder):
    return {
        face[examples.EXAMPLE_ID].decode(): (split, face)
        for split in builder.info.splits
        for face in builder.as_dataset(split=split).as_numpy_iterator()
    }


def test_faces_with_their_attributes(celeba):
    builder = _prepared(celeba())
    found = _faces(builder)
    assert len(found) == 12
    split_of = splits.by_hash(found)
    assert {n: split for n, (split, _) in found.items()} == split_of
    attributes = {n: face["attributes"] for n, (_, face) in found.items()}
    assert attributes["000001.jpg"] == b"Smiling"
    assert attributes["000003.jpg"] == b"Smiling,Young"
    assert attributes["000002.jpg"] == attributes["000004.jpg"] == b""
    face = found["000003.jpg"][1]
    assert face[examples.SOURCE] == b"faces"
    assert face[examples.IMAGE].shape == (16, 16, 3)
    assert np.abs(face[examples.IMAGE] - [60.0, 0.0, 0.0]).max() < 4
    # The fourth has a value too few.
    assert report.read(builder.data_dir)["notes"] == {
        "without attributes, kept": 9
    }


def test_raw_examples_are_pictures_and_nothing_else(celeba):
    builder = _prepared(celeba())
    raw = next(iter(builder.examples("train", None)))
    assert set(raw) == set(examples.PICTURES.spec)
    picture = Image.open(io.BytesIO(raw[examples.IMAGE].numpy()))
    assert picture.format == "PNG" and picture.size == (16, 16)


def test_the_published_division_counts_where_there_is_one(celeba):
    partition = "000001.jpg 2\n000002.jpg 1\n000003.jpg 0\n000004.jpg 7\n"
    found = _faces(_prepared(celeba(partition=partition)))
    assert [found[f"00000{i}.jpg"][0] for i in (1, 2, 3)] == [
        "test",
        "validation",
        "train",
    ]


def test_from_an_archive(celeba, tmp_path):
    folder = celeba(attributes=None)
    archive = shutil.make_archive(
        tmp_path / "celeba", "zip", tmp_path, "celeba"
    )
    builder = prepare("faces", tmp_path / "data", archive)
    assert len(_faces(builder)) == 12
    notes = report.read(builder.data_dir)["notes"]
    assert notes["without attributes, kept"] == 12
    assert folder.exists()


def test_broken_faces_are_left_out_and_named(celeba):
    folder = celeba()
    pictures = folder / "img_align_celeba"
    whole = (pictures / "000005.jpg").read_bytes()
    (pictures / "000005.jpg").write_bytes(whole[:-20])
    (pictures / "000006.jpg").write_bytes(b"")
    found = report.read(_prepared(folder).data_dir)
    assert {e["picture_id"]: e["reason"] for e in found["left_out"]} == {
        "000005.jpg": "it does not decode: corrupt or cut short",
        "000006.jpg": "its file is empty",
    }


def test_a_folder_of_something_else(tmp_path, picture):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.jpg").write_bytes(picture(kind="JPEG"))
    with pytest.raises(UserError, match="expected the folder img_align_celeba"):
        _prepared(tmp_path / "other")


def test_a_list_that_is_no_text(celeba):
    folder = celeba()
    (folder / "list_attr_celeba.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="not UTF-8.*fetch it anew"):
        _prepared(folder)


@pytest.mark.parametrize("data", [b"", b"1\n", b"1\nYoung\n\n"])
def test_an_empty_list_names_nobody(data):
    assert attributes_file.attributes(data) == {}


def test_published_faces(shared_data, tmp_path):
    archive = shared_data / "celeba_8k.zip"
    if not archive.exists():
        pytest.skip("needs celeba_8k.zip")
    source = Faces(data_dir=tmp_path)
    from tfstory.datasets.source_files import SourceFiles

    files = SourceFiles(Faces.WANTED)
    files.add_file(archive, archive.name)
    candidates = list(source.candidates(files))
    assert len(candidates) == 8_000
    unused = source._new_report()
    first = source.example(candidates[0], unused)
    assert "Smiling" in first["attributes"] and "Male" not in (
        first["attributes"].split(",")
    )
    face = Image.open(io.BytesIO(first[examples.IMAGE]))
    assert face.size == (64, 64)
    assert unused.as_dict()["notes"] == {}
