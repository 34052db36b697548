"""CelebA by TFDS, with TFDS's own builder replaced: it needs the network."""

import types

import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError

_COUNTS = {"train": 5, "validation": 2, "test": 3}


class Published:
    """What `tfds.builder("celeb_a")` gives: the features of TFDS 4.9."""

    info = types.SimpleNamespace(
        splits={
            split: types.SimpleNamespace(num_examples=count)
            for split, count in _COUNTS.items()
        }
    )

    def __init__(self, picture, error=None):
        self._picture = picture
        self._error = error

    def download_and_prepare(self):
        if self._error:
            raise self._error

    def as_dataset(self, split, decoders, shuffle_files):
        assert set(decoders) == {"image"} and not shuffle_files
        count = _COUNTS[split]
        return tf.data.Dataset.from_tensor_slices(
            {
                "image": [
                    self._picture((50 * i, 0, 0), (178, 218), "JPEG")
                    for i in range(count)
                ],
                "attributes": {
                    "Male": [i % 2 == 0 for i in range(count)],
                    "Young": [True] * count,
                },
            }
        )


@pytest.fixture
def published(monkeypatch, picture):
    def replace(error=None):
        directories = []

        def builder(name, data_dir):
            assert name == "celeb_a"
            directories.append(data_dir)
            return Published(picture, error)

        monkeypatch.setattr(tfds, "builder", builder)
        return directories

    return replace


def test_the_published_splits_and_attributes(published, tmp_path):
    directories = published()
    builder = prepare("celeb_a", tmp_path)
    assert set(directories) == {tmp_path / "tfds"}
    counts = {s: i.num_examples for s, i in builder.info.splits.items()}
    assert counts == _COUNTS
    faces = {
        face[examples.EXAMPLE_ID]: face
        for face in builder.as_dataset(split="train").as_numpy_iterator()
    }
    assert faces[b"train-000002"]["attributes"] == b"Male,Young"
    assert faces[b"train-000003"]["attributes"] == b"Young"
    picture = faces[b"train-000003"][examples.IMAGE]
    assert picture.shape == (64, 64, 3)
    assert abs(int(picture[0, 0, 0]) - 150) < 4


def test_no_network(published, tmp_path):
    published(ConnectionError("no route\nto host"))
    with pytest.raises(UserError, match="no route to host.*dataset faces"):
        prepare("celeb_a", tmp_path)
