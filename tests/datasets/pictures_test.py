"""Tests of the look into encoded pictures."""

import io
import struct
import zlib

import numpy as np
import pytest
import tensorflow as tf
from PIL import ExifTags, Image

from tfstory import pictures as in_graph
from tfstory.datasets import pictures
from tfstory.datasets.candidates import BadExample

# Wider than high, dark to the left and lighter below: no turn looks the same.
_ARROW = np.repeat(
    np.add.outer(np.arange(0, 96, 6), np.arange(0, 144, 6))[..., None], 3, -1
).astype(np.uint8)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_good_pictures_stay_as_they_are(picture, kind, mode):
    colour = "red" if mode == "RGB" else 100
    data = picture(colour, kind=kind, mode=mode)
    assert pictures.checked(data) == data


def test_transparency_is_put_on_white(picture):
    data = pictures.checked(picture((255, 0, 0, 0), mode="RGBA"))
    pixels = tf.io.decode_image(data, channels=3).numpy()
    assert pixels.shape == (6, 8, 3)
    assert (pixels == 255).all()


def _png(image, **options):
    data = io.BytesIO()
    image.save(data, "PNG", **options)
    return data.getvalue()


def _noise(mode):
    grey = Image.effect_noise((16, 16), 80)
    if mode == "I;16":
        return Image.frombytes(mode, (8, 16), grey.tobytes())
    channels = [grey.rotate(90 * k) for k in range(len(mode))]
    return Image.merge(mode, channels) if mode != "P" else grey.quantize(9)


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGBA", {}),
        ("LA", {}),
        ("P", {"transparency": 3}),
        ("P", {"transparency": bytes(range(0, 255, 30))}),
        ("P", {}),
        ("RGB", {"transparency": (3, 3, 3)}),
        ("L", {"transparency": 128}),
        ("I;16", {}),
        ("1", {}),
    ],
)
def test_serving_decodes_a_png_as_it_is_stored(mode, options):
    image = _noise("L").convert("1") if mode == "1" else _noise(mode)
    sent = _png(image, **options)
    stored = pictures.checked(sent)
    # What training reads, and what a caller of the served model sends.
    assert (in_graph.on_white(stored) == in_graph.on_white(sent)).numpy().all()
    # Readers that know nothing of transparency see the same.
    plain = tf.io.decode_image(stored, channels=3)
    assert (plain == in_graph.on_white(stored)).numpy().all()


def test_pillow_and_the_graph_agree_on_white():
    image = _noise("RGBA")
    canvas = Image.new("RGBA", image.size, "white")
    canvas.alpha_composite(image)
    decoded = in_graph.on_white(_png(image)).numpy().astype(int)
    expected = tf.io.decode_image(_png(canvas.convert("RGB"))).numpy()
    assert abs(decoded - expected).max() <= 1


def test_16_bit_grey_is_scaled_and_not_clipped():
    data = _png(Image.new("I;16", (4, 4), 30_000))
    pixels = tf.io.decode_image(pictures.checked(data), channels=3).numpy()
    assert (pixels == 30_000 >> 8).all()


def test_rgba_keeps_transparency(picture):
    image = pictures.rgba(picture((255, 0, 0, 7), mode="RGBA"))
    assert image.getpixel((0, 0)) == (255, 0, 0, 7)
    with pytest.raises(BadExample, match="8 x 6 pixels, more than 47"):
        pictures.rgba(picture(size=(8, 6)), max_pixels=47)


def test_formats_that_run_other_programs_are_not_opened():
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, "EPS")
    with pytest.raises(BadExample, match="not a picture"):
        pictures.checked(data.getvalue())


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "BMP", "TIFF"])
def test_other_formats_become_png(picture, kind):
    data = pictures.checked(picture("blue", kind=kind))
    assert Image.open(io.BytesIO(data)).format == "PNG"
    pixels = tf.io.decode_image(data, channels=3).numpy()
    assert pixels[0, 0, 2] > 250 and pixels[0, 0, 0] < 5


@pytest.mark.parametrize(
    ("orientation", "up"),
    [(3, np.rot90(_ARROW, 2)), (6, np.rot90(_ARROW, -1)), (8, np.rot90(_ARROW)),
     (2, _ARROW[:, ::-1])],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_of_a_turned_camera_stand_upright(orientation, up, kind):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    out = io.BytesIO()
    Image.fromarray(_ARROW).save(out, kind, exif=exif, quality=95)
    stored = pictures.checked(out.getvalue())
    decoded = tf.io.decode_image(stored, channels=3).numpy()
    np.testing.assert_allclose(decoded.astype(int), up, atol=12)
    kept = np.asarray(pictures.rgba(out.getvalue()))[..., :3].astype(int)
    np.testing.assert_allclose(kept, up, atol=12)


def test_a_picture_marked_upright_stays_as_it_is():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 1
    out = io.BytesIO()
    Image.fromarray(_ARROW).save(out, "JPEG", exif=exif)
    assert pictures.checked(out.getvalue()) == out.getvalue()


def test_animation_becomes_its_first_frame():
    frames = [Image.new("RGB", (4, 4), c) for c in ("lime", "red")]
    data = io.BytesIO()
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:])
    pixels = tf.io.decode_image(pictures.checked(data.getvalue())).numpy()
    assert pixels.shape == (4, 4, 3)
    assert pixels[0, 0].tolist() == [0, 255, 0]


def test_cmyk_jpeg_becomes_png(picture):
    data = picture((0, 255, 255, 0), kind="JPEG", mode="CMYK")
    assert Image.open(io.BytesIO(pictures.checked(data))).mode == "RGB"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_cut_short(kind, keep):
    noise = Image.effect_noise((64, 64), 80).convert("RGB")
    data = io.BytesIO()
    noise.save(data, kind)
    data = data.getvalue()
    with pytest.raises(BadExample, match="decode|corrupt"):
        pictures.checked(data[: int(len(data) * keep)])


def test_flipped_byte_in_a_png(picture):
    data = bytearray(picture("red", size=(64, 64)))
    at = data.index(b"IDAT") + 10
    data[at] ^= 0xFF
    with pytest.raises(BadExample, match="does not decode"):
        pictures.checked(bytes(data))


@pytest.mark.parametrize("data", [b"hello", b"\x89PNG\r\n\x1a\n", b"\0" * 99])
def test_no_picture(data):
    with pytest.raises(BadExample, match="not a picture"):
        pictures.checked(data)


def test_empty_file():
    with pytest.raises(BadExample, match="empty"):
        pictures.checked(b"")


def _png_that_claims(width, height):
    """A PNG of some hundred bytes, as large as its header says."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [8_000, 60_000])
def test_decompression_bomb_is_refused_by_its_header(side):
    with pytest.raises(BadExample, match="pixels"):
        pictures.checked(_png_that_claims(side, side))


def test_pixel_limit_is_width_times_height(picture):
    data = picture(size=(8, 6))
    assert pictures.checked(data, max_pixels=48) == data
    with pytest.raises(BadExample, match="8 x 6 pixels, more than 47"):
        pictures.checked(data, max_pixels=47)


def test_a_png_that_serving_would_refuse_is_left_out(picture):
    """Pillow reads past a chunk before the header; the graph does not."""
    data = picture("red", kind="PNG")
    name = b"prVt"
    chunk = struct.pack(">I", 0) + name + struct.pack(">I", zlib.crc32(name))
    with pytest.raises(BadExample, match="does not decode"):
        pictures.checked(data[:8] + chunk + data[8:])
