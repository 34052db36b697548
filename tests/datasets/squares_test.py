"""Squares cut out of pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from tfstory.datasets import squares
from tfstory.datasets.candidates import BadExample


def _encoded(array, kind="PNG", **options):
    out = io.BytesIO()
    Image.fromarray(array).save(out, kind, **options)
    return out.getvalue()


def _decoded(data):
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("size", "box"),
    [
        # Karras et al. 2018: (89 - 64, 121 - 64) and 128 further.
        ((178, 218), (25, 57, 153, 185)),
        # Half of it: one pixel a pixel of 64.
        ((89, 109), (12, 28, 76, 92)),
    ],
)
def test_the_aligned_face(size, box):
    assert squares.ALIGNED_FACE.box(*size) == box


@pytest.mark.parametrize(
    ("size", "box"),
    [((10, 6), (2, 0, 8, 6)), ((6, 10), (0, 2, 6, 8)), ((1, 1), (0, 0, 1, 1))],
)
def test_the_middle(size, box):
    assert squares.WHOLE.box(*size) == box


def test_a_crop_stays_inside():
    assert squares.Crop(1.0, (0.0, 1.0)).box(10, 6) == (0, 0, 6, 6)


def test_pixels_stay_as_they_are_where_the_size_is_right():
    array = np.random.default_rng(0).integers(0, 256, (4, 6, 3), np.uint8)
    data, side = squares.square(_encoded(array), 4, squares.WHOLE)
    assert side == 4
    np.testing.assert_array_equal(_decoded(data), array[:, 1:5])


def test_other_sizes_and_kinds():
    grey = np.full((50, 30), 90, np.uint8)
    for data in (_encoded(grey), _encoded(grey, "JPEG"), _encoded(grey, "BMP")):
        found, side = squares.square(data, 8, squares.WHOLE)
        assert side == 30
        np.testing.assert_array_equal(
            _decoded(found), np.full((8, 8, 3), 90, np.uint8)
        )


def test_a_photograph_is_turned_upright():
    array = np.zeros((8, 8, 3), np.uint8)
    array[:4] = 255  # White above; the camera lay on its side.
    exif = Image.Exif()
    exif[0x0112] = 6
    data = _encoded(array, "JPEG", exif=exif, quality=95)
    found = _decoded(squares.square(data, 8, squares.WHOLE)[0])
    assert found[:, 5:].min() > 200 and found[:, :3].max() < 50


def test_what_is_no_picture():
    with pytest.raises(BadExample, match="not a picture"):
        squares.square(b"text", 8, squares.WHOLE)
