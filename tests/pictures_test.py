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


def _transparent():
    """Red that fades out to the right, over black that is all transparent."""
    array = np.zeros([8, 8, 4], np.uint8)
    array[:4, :, 0] = 255
    array[:4, :, 3] = np.arange(0, 256, 36)
    return array


def test_transparent_pictures_show_white_behind():
    array = _transparent()
    decoded = pictures.decode(tf.constant([_encoded(array, "PNG")]), 8)[0]
    red = array[0, :, 3]
    np.testing.assert_array_equal(decoded[0, :, 0], [255] * 8)
    np.testing.assert_array_equal(decoded[0, :, 1], 255 - red)
    np.testing.assert_array_equal(decoded[4:], np.full([4, 8, 3], 255))


def test_white_shows_before_resizing():
    """What a transparent pixel hides does not bleed into its neighbours."""
    array = np.zeros([64, 64, 4], np.uint8)
    decoded = pictures.decode(tf.constant([_encoded(array, "PNG")]), 8)[0]
    np.testing.assert_array_equal(decoded, np.full([8, 8, 3], 255))


@pytest.mark.parametrize("colours", [2, 4, 16, 256])
@pytest.mark.parametrize("transparent", [False, True])
def test_palettes_of_all_depths(colours, transparent):
    image = Image.new("P", (8, 8), 1)
    image.putpalette([10, 20, 30, 40, 50, 60] + [0, 0, 0] * (colours - 2))
    image.putpixel((0, 0), 0)
    buffer = io.BytesIO()
    bits = colours.bit_length() - 1
    more = {"transparency": 0} if transparent else {}
    image.save(buffer, "PNG", bits=bits, **more)
    assert buffer.getvalue()[24] == bits
    decoded = pictures.decode(tf.constant([buffer.getvalue()]), 8)[0].numpy()
    first = [255] * 3 if transparent else [10, 20, 30]
    assert decoded[0, 0].tolist() == first
    assert decoded[0, 1].tolist() == [40, 50, 60]


def test_of_16_bits_the_upper_8_count():
    array = np.full([8, 8], 30_000, np.uint16)
    decoded = pictures.decode(tf.constant([_encoded(array, "PNG")]), 8)
    np.testing.assert_array_equal(decoded[0], np.full([8, 8, 3], 117))


def test_a_moved_graph_puts_on_white_too(tmp_path):
    module = tf.Module()
    module.decode = tf.function(
        lambda encoded: pictures.decode(encoded, 8),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    tf.saved_model.save(module, str(tmp_path))
    encoded = [_encoded(_transparent(), "PNG"), _encoded(_random(9, 9), "JPEG")]
    np.testing.assert_array_equal(
        tf.saved_model.load(str(tmp_path)).decode(tf.constant(encoded)),
        pictures.decode(tf.constant(encoded), 8),
    )


def test_shrinking_averages_over_pixels():
    """A fine chequerboard turns grey: no aliasing."""
    board = (np.indices([64, 64]).sum(0) % 2 * 255).astype(np.uint8)
    array = np.repeat(board[..., None], 3, axis=-1)
    decoded = pictures.decode(tf.constant([_encoded(array, "PNG")]), 8)
    np.testing.assert_allclose(decoded[0], np.full([8, 8, 3], 127.5), atol=3)


@pytest.mark.parametrize("data", [b"no picture", b"", b"\x89PNG", b"\x89P"])
def test_a_broken_picture_fails(data):
    with pytest.raises(tf.errors.InvalidArgumentError):
        pictures.decode(tf.constant([data]), 8)


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
