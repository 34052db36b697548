"""Looks into encoded pictures before they are stored."""

import io
import warnings

import tensorflow as tf
from PIL import Image, UnidentifiedImageError

from tfstory.datasets.candidates import BadStory

# Enough for any camera; beyond it a small file may unpack to gigabytes.
MAX_PIXELS = 50_000_000

# What `tf.io.decode_image` reads as one frame of three channels.
_STORED_AS_THEY_ARE = {("PNG", "RGB"), ("PNG", "L"), ("JPEG", "RGB"),
                       ("JPEG", "L")}  # fmt: skip


def checked(data: bytes, max_pixels: int = MAX_PIXELS) -> bytes:
    """Returns the picture encoded as the input pipeline can decode it.

    RGB and grey JPEG and PNG files are returned as they are, others that
    Pillow reads (WebP, transparent, paletted ...) as an RGB PNG of the first
    frame on white. The size is read from the header before anything is
    unpacked.

    Args:
      data: the file's bytes.
      max_pixels: int, width times height allowed.

    Raises:
      BadStory: the picture is too large or does not decode.
    """
    if not data:
        raise BadStory("its file is empty")
    try:
        with warnings.catch_warnings():
            # Pillow's own warning about size; the limit below is stricter.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError:
        raise BadStory(f"it has more than {max_pixels} pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise BadStory("it is not a picture, or a corrupt one") from None
    width, height = image.size
    if width * height > max_pixels:
        raise BadStory(
            f"it has {width} x {height} pixels, more than {max_pixels}"
        )
    if (image.format, image.mode) not in _STORED_AS_THEY_ARE:
        return _as_png(image)
    try:
        # The very decoder that will read it: Pillow lets some damage pass.
        tf.io.decode_image(data, channels=3, expand_animations=False)
    except tf.errors.OpError:
        raise BadStory("it does not decode: corrupt or cut short") from None
    return data


def _as_png(image: Image.Image) -> bytes:
    try:
        rgba = image.convert("RGBA")
        canvas = Image.new("RGB", rgba.size, "white")
        canvas.paste(rgba, mask=rgba.getchannel("A"))
    except Exception as error:  # Decoders of rare formats raise anything.
        raise BadStory(f"it does not decode: {error}") from None
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=3)
    return out.getvalue()
