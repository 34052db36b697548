"""Looks into encoded pictures before they are stored."""

import io
import warnings

import tensorflow as tf
from PIL import Image

from tfstory import pictures
from tfstory.datasets.candidates import BadExample

# Enough for any camera; beyond it a small file may unpack to gigabytes.
MAX_PIXELS = 50_000_000

# Pillow knows more, some of which run other programs.
_READ = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
# What `tf.io.decode_image` reads as one frame of three channels.
_STORED_AS_THEY_ARE = {("PNG", "RGB"), ("PNG", "L"), ("JPEG", "RGB"),
                       ("JPEG", "L")}  # fmt: skip


def checked(data: bytes, max_pixels: int = MAX_PIXELS) -> bytes:
    """Returns the picture encoded as the input pipeline can decode it.

    RGB and grey JPEG and PNG files are returned as they are, others (WebP,
    transparent, paletted ...) as an RGB PNG of the first frame on white. The
    size is read from the header before anything is unpacked.

    Args:
      data: the file's bytes.
      max_pixels: int, width times height allowed.

    Raises:
      BadExample: the picture is too large or does not decode.
    """
    image = _opened(data, max_pixels)
    plain = (image.format, image.mode) in _STORED_AS_THEY_ARE
    as_it_is = plain and "transparency" not in image.info
    if not as_it_is and image.format != "PNG":
        return _as_png(image)
    try:
        # The very decoder that will read it: Pillow lets some damage pass.
        if not as_it_is:
            return tf.io.encode_png(pictures.on_white(data)).numpy()
        tf.io.decode_image(data, channels=3, expand_animations=False)
    except tf.errors.OpError:
        raise BadExample("it does not decode: corrupt or cut short") from None
    return data


def rgba(data: bytes, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Returns the picture, its first frame, decoded with its transparency.

    Args:
      data: the file's bytes.
      max_pixels: int, width times height allowed.

    Raises:
      BadExample: the picture is too large or does not decode.
    """
    return _as_rgba(_opened(data, max_pixels))


def _opened(data: bytes, max_pixels: int) -> Image.Image:
    if not data:
        raise BadExample("its file is empty")
    try:
        with warnings.catch_warnings():
            # Pillow's own warning about size; the limit below is stricter.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=_READ)
    except Image.DecompressionBombError:
        raise BadExample(f"it has more than {max_pixels} pixels") from None
    except Exception:  # Decoders of rare formats raise anything.
        raise BadExample("it is not a picture, or a corrupt one") from None
    width, height = image.size
    if width * height > max_pixels:
        raise BadExample(
            f"it has {width} x {height} pixels, more than {max_pixels}"
        )
    return image


def _as_rgba(image: Image.Image) -> Image.Image:
    try:
        return image.convert("RGBA")
    except Exception as error:  # As above.
        reason = " ".join(str(error).split())
        raise BadExample(f"it does not decode: {reason}") from None


def _as_png(image: Image.Image) -> bytes:
    transparent = _as_rgba(image)
    canvas = Image.new("RGB", transparent.size, "white")
    canvas.paste(transparent, mask=transparent.getchannel("A"))
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=3)
    return out.getvalue()
