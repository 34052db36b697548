"""Strips and sheets: sizes, frames, captions that always fit."""

import numpy as np
import pytest
from PIL import ImageFont

from tfstory import strips

ACCENT = strips._ACCENT


def _pictures(count=3, height=64, width=64, value=90):
    return np.full([count, height, width, 3], value, np.uint8)


def _has_colour(image, colour):
    return bool(np.any(np.all(image == np.uint8(colour), axis=-1)))


def test_small_pictures_are_shown_at_128_pixels_or_more():
    image = strips.strip(_pictures(value=91), ["a", "b", "c"])
    assert image.dtype == np.uint8 and image.shape[2] == 3
    is_picture = np.all(image == 91, axis=-1)
    assert is_picture.sum() == 3 * 192 * 192
    columns = np.flatnonzero(is_picture.any(axis=0))
    # Three runs of columns with paper between them.
    assert (np.diff(columns) > 1).sum() == 2


def test_large_pictures_are_reduced_and_keep_their_shape():
    image = strips.strip(_pictures(1, 400, 500, value=91), [""])
    is_picture = np.all(image == 91, axis=-1)
    assert is_picture.any(axis=0).sum() == 320
    assert is_picture.any(axis=1).sum() == 256


def test_generated_pictures_alone_have_a_coloured_frame():
    pictures = _pictures(2)
    captions = ["a", "b"]
    assert not _has_colour(strips.strip(pictures, captions), ACCENT)
    image = strips.strip(pictures, captions, generated=[False, True])
    middle = image.shape[1] // 2
    assert not _has_colour(image[:, : middle - 2], ACCENT)
    assert _has_colour(image[:, middle - 2 :], ACCENT)
    # The frame lies around the picture and covers none of it.
    assert np.all(image == 90, axis=-1).sum() == 2 * 192 * 192


def test_captions_and_titles_are_drawn():
    plain = strips.strip(_pictures(1), [""])
    captioned = strips.strip(_pictures(1), ["a red ball"])
    titled = strips.strip(_pictures(1), ["a red ball"], titles=["frame 1"])
    assert captioned.min() < 60 < plain.min()
    assert titled.shape[0] > captioned.shape[0] > plain.shape[0]


@pytest.mark.parametrize(
    "text",
    [
        "a ball " * 60,
        "圆形继续向右滚动" * 30,
        "w" * 500,
        "one two three",
        "",
        " \n\t ",
        "\U0001f600 \ud800 \x00 नमस्ते",
    ],
)
def test_wrapped_text_fits(text):
    lines = strips._wrap(text, 192, 13)
    font = ImageFont.load_default(13)
    assert len(lines) <= 5
    assert all(font.getlength(line) <= 192 for line in lines)
    image = strips.strip(_pictures(1), [text])
    # Nothing runs into the right margin.
    assert image[:, -16:].min() > 200


def test_text_that_fits_is_kept_whole_and_longer_text_is_cut():
    assert strips._wrap("one two", 192, 13) == ["one two"]
    text = " ".join(f"word{i}" for i in range(100))
    lines = strips._wrap(text, 192, 13)
    assert len(lines) == 5
    assert lines[-1].endswith("...")
    kept = " ".join(lines).removesuffix("...")
    assert text.startswith(kept)


def test_an_array_of_flags_is_taken_too():
    flags = np.array([False, True])
    image = strips.strip(_pictures(2), np.array(["a", "b"]), generated=flags)
    assert _has_colour(image, ACCENT)


def test_sheet_stacks_rows_of_different_widths_under_labels():
    wide = strips.strip(_pictures(3), ["a"] * 3)
    narrow = strips.strip(_pictures(1), ["a"])
    sheet = strips.sheet([wide, narrow], ["real", "a label " * 90])
    assert sheet.dtype == np.uint8
    assert sheet.shape[1] == wide.shape[1]
    assert sheet.shape[0] > wide.shape[0] + narrow.shape[0]
    assert np.all(sheet == 90, axis=-1).sum() == 4 * 192 * 192


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros([2, 64, 64], np.uint8),
        np.zeros([2, 64, 64, 1], np.uint8),
        np.zeros([2, 64, 64, 3], np.float32),
        np.zeros([0, 64, 64, 3], np.uint8),
    ],
)
def test_other_pictures_are_refused(pictures):
    with pytest.raises(ValueError, match="needs uint8 pictures of shape"):
        strips.strip(pictures, [""] * len(pictures))


def test_other_counts_are_refused():
    with pytest.raises(ValueError, match="3 pictures, but 2 captions"):
        strips.strip(_pictures(3), ["a", "b"])
    with pytest.raises(ValueError, match="but 1 titles"):
        strips.strip(_pictures(2), ["a", "b"], titles=["a"])
    with pytest.raises(ValueError, match="0 rows and 0 labels"):
        strips.sheet([], [])
