"""Sample sheets as files and in TensorBoard: pictures, or text."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageSequence

from tfstory.training import callbacks
from tfstory.training.history import Row

PICTURE = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
TEXT = "held out:\n  ünder *way*\n"


def test_pictures_and_text_have_files_of_their_own(tmp_path):
    callbacks.write_sheet(tmp_path, "one", PICTURE)
    callbacks.write_sheet(tmp_path, "two", TEXT)
    written = {path.name: path for path in tmp_path.iterdir()}
    assert set(written) == {"one.png", "two.txt"}
    picture = tf.io.decode_png(written["one.png"].read_bytes())
    np.testing.assert_array_equal(picture, PICTURE)
    assert written["two.txt"].read_text("utf-8") == TEXT


def test_an_animation_goes_by_the_epochs_numbers(tmp_path):
    """Epoch 1000 is after 999, though its name is before it."""
    for epoch in (999, 1000, 2):
        sheet = np.full((2, 2, 3), epoch % 256, np.uint8)
        callbacks.write_sheet(tmp_path, f"one_epoch_{epoch:03d}", sheet)
    callbacks.write_sheet(tmp_path, "two_epoch_001", PICTURE)
    callbacks.write_animation(tmp_path, "one")
    callbacks.write_animation(tmp_path, "none")
    with Image.open(tmp_path / "one.gif") as animation:
        shown = [
            frame.convert("RGB").getpixel((0, 0))[0]
            for frame in ImageSequence.Iterator(animation)
        ]
    assert shown == [2, 999 % 256, 1000 % 256]
    assert not (tmp_path / "none.gif").exists()


@pytest.mark.parametrize(
    ("sheet", "plugin"), [(PICTURE, "images"), (TEXT, "text")]
)
def test_tensorboard_shows_both(tmp_path, sheet, plugin):
    row: Row = {
        "stage": "toy",
        "epoch": 1,
        "steps": 3,
        "seconds": 1.0,
        "examples_per_second": 2.0,
        "train": {"loss": 1.0},
        "validation": {"l1": 0.5},
    }
    board = callbacks.TensorBoard(tmp_path, "toy")
    board.write(row, sheet)
    board.close()
    values = [
        value
        for path in tmp_path.rglob("*tfevents*")
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
        if value.tag == "samples"
    ]
    (value,) = values
    assert value.metadata.plugin_data.plugin_name == plugin
    if plugin == "text":
        (shown,) = value.tensor.string_val
        # Markdown that is indented stays as it is.
        assert shown.decode() == "    held out:\n      ünder *way*\n"
