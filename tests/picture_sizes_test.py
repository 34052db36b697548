"""How large a picture is, is known before it is unpacked."""

import io
import struct

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfstory import picture_sizes, pictures

KINDS = ["PNG", "JPEG", "GIF", "BMP"]
TOO_LARGE = "a picture has more than 50000000 pixels"
NO_PICTURE = "is no whole PNG, JPEG, GIF or BMP image"


def _encoded(kind, size=(12, 8), mode="RGB", **options):
    data = io.BytesIO()
    image = Image.effect_noise(size, 80).convert("RGB")
    image.convert(mode).save(data, kind, **options)
    return data.getvalue()


def _that_claims(kind, width, height):
    """A small picture with another size written into its header."""
    data = bytearray(_encoded(kind))
    if kind == "PNG":
        struct.pack_into(">II", data, 16, width, height)
    elif kind == "JPEG":
        frame = data.index(b"\xff\xc0")
        struct.pack_into(">HH", data, frame + 5, height, width)
    elif kind == "GIF":
        frame = data.index(struct.pack("<4H", 0, 0, 12, 8))
        struct.pack_into("<HH", data, frame + 4, width, height)
    else:
        struct.pack_into("<ii", data, 18, width, height)
    return bytes(data)


def _gif_frame(width, height, parts=(b"\x8c\x01",), colours=0):
    """A frame, the parts of its content, and perhaps a colour table."""
    flags = 0x80 | (colours.bit_length() - 2) if colours else 0
    return (
        struct.pack("<cHHHHB", b",", 0, 0, width, height, flags)
        + bytes(3 * colours)
        + b"\x02"
        + _gif_parts(parts)
    )


def _gif_parts(parts):
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _gif(*blocks):
    """A GIF that calls itself one pixel large, with a table of two colours."""
    screen = struct.pack("<6sHHBBB", b"GIF89a", 1, 1, 0x80, 0, 0)
    return screen + bytes(6) + b"".join(blocks) + b";"


def _comment(*parts):
    return b"!\xfe" + _gif_parts(parts)


@pytest.fixture(scope="module")
def pixels_of():
    """`pixels`, in-graph and eager."""
    in_graph = tf.function(
        picture_sizes.pixels, input_signature=[tf.TensorSpec([], tf.string)]
    )

    def find(data):
        found = int(picture_sizes.pixels(tf.constant(data)))
        assert found == int(in_graph(data))
        return found

    return find


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("PNG", {"mode": "P"}),
        ("PNG", {"mode": "RGBA"}),
        ("JPEG", {}),
        ("JPEG", {"mode": "L"}),
        ("JPEG", {"mode": "CMYK"}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"comment": b"some words" * 1000}),
        ("GIF", {}),
        ("GIF", {"comment": b"some words" * 50}),
        ("BMP", {}),
        ("BMP", {"mode": "L"}),
    ],
)
def test_pixels_of_ordinary_pictures(kind, options, pixels_of):
    assert pixels_of(_encoded(kind, (300, 200), **options)) == 60_000


def test_a_bmp_from_the_top_down(pixels_of):
    assert pixels_of(_that_claims("BMP", 12, -8)) == 96


def test_frames_of_a_gif_add_up(pixels_of):
    frames = [Image.effect_noise((700, 400), 80) for _ in range(3)]
    data = io.BytesIO()
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:])
    # More than are skipped in one step.
    assert len(data.getvalue()) > 3 * picture_sizes._GIF_ROW_BYTES
    assert pixels_of(data.getvalue()) == 3 * 700 * 400


@pytest.mark.parametrize(
    ("blocks", "pixels"),
    [
        ([], 0),
        ([_gif_frame(3, 5)], 15),
        # The decoder's picture is as wide and as high as any frame.
        ([_gif_frame(60_000, 1), _gif_frame(1, 60_000)], 2 * 60_000**2),
        ([_gif_frame(3, 5, colours=256), _gif_frame(4, 4)], 2 * 20),
        ([_gif_frame(3, 5, [b","] * 600), _gif_frame(4, 4)], 2 * 20),
        ([_gif_frame(3, 5, [b"," * 255] * 3), _gif_frame(4, 4)], 2 * 20),
        ([_gif_frame(3, 5, [b"," * 254] * 3), _gif_frame(4, 4)], 2 * 20),
        ([_gif_frame(3, 5, [b"," * 255, b",,"]), _gif_frame(4, 4)], 2 * 20),
        ([_comment(b",", b"!" * 255), _gif_frame(3, 5)], 15),
        # Some decoders take what follows for more of the comment.
        ([_comment(), _gif_frame(3, 5)], 0),
        ([_gif_frame(3, 5), b"no block", _gif_frame(900, 900)], 15),
    ],
)
def test_blocks_of_a_gif(blocks, pixels, pixels_of):
    assert pixels_of(_gif(*blocks)) == pixels


@pytest.mark.parametrize("bytes_left", range(0, 60, 3))
def test_a_gif_that_is_cut_short(bytes_left, pixels_of):
    whole = _gif(
        _comment(b"words"), _gif_frame(3, 5, colours=2), _comment(b".")
    )
    assert pixels_of(whole[:bytes_left]) in (0, 15)


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_is_allowed_and_no_more(kind):
    data = tf.constant(_encoded(kind))
    assert picture_sizes.limited(data, max_pixels=96) == data
    with pytest.raises(tf.errors.InvalidArgumentError, match="than 95 pixels"):
        picture_sizes.limited(data, max_pixels=95)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A signature that decodes pictures, saved and loaded again."""
    module = tf.Module()
    module.decode = tf.function(
        lambda images: {"pictures": pictures.decode(images, 8)},
        input_signature=[tf.TensorSpec([None], tf.string, "images")],
    )
    path = str(tmp_path_factory.mktemp("exported"))
    tf.saved_model.save(module, path, {"serving_default": module.decode})
    loaded = tf.saved_model.load(path)

    def decode(images):
        signature = loaded.signatures["serving_default"]
        return signature(images=tf.constant(images))["pictures"]

    return decode


@pytest.mark.parametrize("kind", KINDS)
def test_an_exported_signature_decodes_as_tensorflow_does(kind, exported):
    data = _encoded(kind, (8, 8))
    answer = exported([data, data])
    plain = tf.io.decode_image(data, channels=3, expand_animations=False)
    np.testing.assert_array_equal(answer, [plain, plain])


@pytest.mark.parametrize("kind", KINDS)
def test_an_exported_signature_refuses_what_is_too_large(kind, exported):
    """By the header: what follows is neither as long nor even whole."""
    images = [_encoded(kind), _that_claims(kind, 16_000, 16_000)]
    with pytest.raises(tf.errors.InvalidArgumentError, match=TOO_LARGE) as e:
        exported(images)
    assert str(16_000**2) in str(e.value)


def test_a_gif_is_as_large_as_its_frames(exported):
    gif = _gif(_gif_frame(8, 8), _gif_frame(16_000, 16_000))
    with pytest.raises(tf.errors.InvalidArgumentError, match=TOO_LARGE):
        exported([gif])


def _behind_another_chunk(png):
    return png[:8] + b"\0\0\0\0teSt\xb6\x0b\x3d\x15" + png[8:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"GIF8",
        b"BM",
        _that_claims("PNG", 0, 7),
        _behind_another_chunk(_encoded("PNG")),
        # Some of TensorFlow's releases decode it.
        _encoded("WEBP"),
    ],
)
def test_no_header_no_picture(data, exported):
    with pytest.raises(tf.errors.InvalidArgumentError, match=NO_PICTURE):
        exported([data])


def test_a_jpeg_with_a_broken_header(exported):
    with pytest.raises(tf.errors.InvalidArgumentError, match="JPEG"):
        exported([b"\xff\xd8\xff\xe0"])
