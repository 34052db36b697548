"""Sheets, neighbours and the command that makes them."""

import argparse
import tracemalloc

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.systems.face_gan import tiny
from tfstory.errors import UserError
from tfstory.systems.face_gan import generate, neighbours, sheets


def test_a_grid_has_its_pictures_in_rows():
    images = np.zeros([5, 4, 4, 3], np.uint8) + np.arange(5, dtype=np.uint8)[
        :, None, None, None
    ]  # fmt: skip
    grid = sheets.grid(images, columns=3)
    # Twice the size, and two white pixels around each.
    assert grid.shape == (24, 36, 3)
    assert grid[2, 2].tolist() == [0, 0, 0]
    assert grid[14, 14].tolist() == [4, 4, 4]
    assert grid[0].min() == 255 and grid[12:, 24:].min() == 255


def test_sheets_come_from_the_same_noise():
    system = tiny.system()
    prepared = system.prepare(tiny.raw_batch(4))
    first = system.sample_sheet(prepared)
    np.testing.assert_array_equal(first, system.sample_sheet(prepared))
    for weight in system.model.average.weights:
        weight.assign(weight + 0.1)
    assert not np.array_equal(first, system.sample_sheet(prepared))


def test_nearest_training_pictures():
    generator = np.random.default_rng(0)
    training = generator.integers(0, 256, (9, 4, 4, 3), dtype=np.uint8)
    generated = training[[6, 2]].copy()
    generated[0, 0, 0, 0] ^= 4
    found, errors = neighbours.nearest(
        generated, [training[:4], training[4:]], 2
    )
    assert found.shape == (2, 2, 4, 4, 3)
    np.testing.assert_array_equal(found[:, 0], training[[6, 2]])
    np.testing.assert_allclose(
        errors[:, 0], [4 / 255 / np.sqrt(48), 0.0], atol=1e-4
    )
    squares = (training / 255.0 - generated[0] / 255.0) ** 2
    expected = np.sort(np.sqrt(squares.mean(axis=(1, 2, 3))))[:2]
    np.testing.assert_allclose(errors[0], expected, atol=1e-4)


def test_neighbours_take_little_memory():
    """Not a copy of each training batch for each picture: 13 MB here."""
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (256, 16, 16, 3), dtype=np.uint8)
    training = (pictures[i : i + 64] for i in range(0, 256, 64))
    tracemalloc.start()
    found, _ = neighbours.nearest(pictures, training, 1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_array_equal(found[:, 0], pictures)
    assert peak < 5e6


def test_fewer_training_pictures_than_wanted():
    training = np.zeros([1, 4, 4, 3], np.uint8)
    found, errors = neighbours.nearest(training, [training], 5)
    assert found.shape[:2] == errors.shape == (1, 1)


def _arguments(*words):
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser)
    return parser.parse_args(words)


def test_generate_writes_the_served_faces(tmp_path, capsys):
    system = tiny.system()
    out = tmp_path / "faces"
    generate.run(system, _arguments("--count=3", "--seed=5", f"--out={out}"))
    names = sorted(path.name for path in out.iterdir())
    assert names == ["0000.png", "0001.png", "0002.png", "sheet.png"]
    answer = system.signatures()["generate"](
        num_samples=tf.constant(3), seed=tf.constant(5, tf.int64)
    )
    assert (out / "0002.png").read_bytes() == answer["images"].numpy()[2]
    assert "3 pictures written" in capsys.readouterr().out


def test_generate_draws_ways(tmp_path):
    out = tmp_path / "way"
    generate.run(
        tiny.system(),
        _arguments("--count=4", "--interpolate=3", f"--out={out}"),
    )
    assert len(list(out.glob("0*.png"))) == 4


def test_generate_shows_neighbours(tmp_path, monkeypatch, capsys):
    splits = {"train": tiny.raw_batch(6), "test": tiny.raw_batch(5, seed=1)}
    monkeypatch.setattr(
        generate,
        "load",
        lambda config, data_dir, split: tf.data.Dataset.from_tensor_slices(
            splits[split]
        ),
    )
    arguments = ["--count=2", "--neighbours=3", "--data_dir=x"]
    generate.run(
        tiny.system(), _arguments(*arguments, f"--out={tmp_path / 'a'}")
    )
    sheet = Image.open(tmp_path / "a" / "sheet.png")
    # A face and three neighbours side by side.
    assert sheet.width > 4 * 160

    def nearest(encoded):
        """Returns the mean and the least of the distances to training."""
        some, training = (
            np.stack([tf.io.decode_png(image) for image in images]) / 255.0
            for images in (encoded, splits["train"]["image"])
        )
        squares = (some[:, None] - training) ** 2
        least = np.sqrt(squares.mean(axis=(2, 3, 4))).min(axis=1)
        return f"{least.mean():.3f} in the mean, {least.min():.3f} at least"

    names = [tmp_path / "a" / f"000{i}.png" for i in range(2)]
    (told,) = (
        line
        for line in capsys.readouterr().out.splitlines()
        if "nearest training picture" in line
    )
    # As many held-out pictures as there are generated ones.
    assert told == (
        "difference to the nearest training picture: generated "
        f"{nearest([name.read_bytes() for name in names])}; held-out real "
        f"{nearest(splits['test']['image'][:2])}"
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--count=0"], "from 1 to 1024"),
        (["--count=1", "--interpolate=2"], "from 2 to 1024"),
        (["--neighbours=2"], "--data_dir"),
        (["--neighbours=-1", "--data_dir=x"], "--neighbours must be 0 or more"),
    ],
)
def test_generate_says_what_is_wrong(words, reason):
    with pytest.raises(UserError, match=reason):
        generate.run(tiny.system(), _arguments(*words))
