"""Decoding and encoding pictures in-graph."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfstory import pictures


def _encoded(array, kind):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, kind)
    return buffer.getvalue()


def _random(height, width):
    generator = np.random.default_rng(0)
    return generator.integers(0, 256, [height, width, 3], dtype=np.uint8)


def test_right_size_is_not_resampled():
    array = _random(8, 8)
    decoded = pictures.decode(tf.constant([[_encoded(array, "PNG")]]), 8)
    assert decoded.shape == (1, 1, 8, 8, 3)
    np.testing.assert_array_equal(decoded[0, 0], array)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
@pytest.mark.parametrize("size", [(30, 40), (4, 4)])
def test_other_sizes_and_kinds_are_resized(kind, size):
    array = np.full([*size, 3], 200, np.uint8)
    decoded = pictures.decode(tf.constant([_encoded(array, kind)]), 8)
    np.testing.assert_allclose(decoded[0], np.full([8, 8, 3], 200), atol=1)


def test_grey_pictures_become_rgb():
    array = np.arange(64, dtype=np.uint8).reshape(8, 8)
    decoded = pictures.decode(tf.constant([_encoded(array, "PNG")]), 8)
    np.testing.assert_array_equal(
        decoded[0], np.repeat(array[..., None], 3, axis=-1)
    )


def test_shrinking_averages_over_pixels():
    """A fine chequerboard turns grey: no aliasing."""
    board = (np.indices([64, 64]).sum(0) % 2 * 255).astype(np.uint8)
    array = np.repeat(board[..., None], 3, axis=-1)
    decoded = pictures.decode(tf.constant([_encoded(array, "PNG")]), 8)
    np.testing.assert_allclose(decoded[0], np.full([8, 8, 3], 127.5), atol=3)


def test_a_broken_picture_fails():
    with pytest.raises(tf.errors.InvalidArgumentError):
        pictures.decode(tf.constant([b"no picture"]), 8)


def test_unit_range_rounds_to_the_nearest_and_clips():
    np.testing.assert_array_equal(
        pictures.to_uint8(tf.constant([-0.1, 0.4 / 255, 0.6 / 255, 1.2])),
        [0, 0, 1, 255],
    )
    values = tf.range(256)
    np.testing.assert_array_equal(
        pictures.to_uint8(pictures.to_unit(values)), values
    )


def test_png_is_lossless():
    array = _random(5, 7)
    (encoded,) = pictures.encode_png(tf.constant(array[None])).numpy()
    np.testing.assert_array_equal(
        np.asarray(Image.open(io.BytesIO(encoded))), array
    )
