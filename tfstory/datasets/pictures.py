"""Looks into encoded pictures before they are stored."""

import io
import warnings

import tensorflow as tf
from PIL import ExifTags, Image, ImageOps

from tfstory import pictures
from tfstory.datasets.candidates import BadExample
from tfstory.picture_sizes import MAX_PIXELS

# Pillow knows more, some of which run other programs.
_READ = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
# What `tf.io.decode_image` reads as one frame of three channels.
_STORED_AS_THEY_ARE = {("PNG", "RGB"), ("PNG", "L"), ("JPEG", "RGB"),
                       ("JPEG", "L")}  # fmt: skip


def checked(data: bytes, max_pixels: int = MAX_PIXELS) -> bytes:
    """Returns the picture encoded as the input pipeline can decode it.

    RGB and grey JPEG and PNG files are returned as they are, others (WebP,
    transparent, paletted, turned by their EXIF orientation ...) as an RGB PNG
    of the first frame on white. The size is read from the header before
    anything is unpacked.

    Args:
      data: the file's bytes.
      max_pixels: int, width times height allowed.

    Raises:
      BadExample: the picture is too large or does not decode.
    """
    image = _opened(data, max_pixels)
    plain = (image.format, image.mode) in _STORED_AS_THEY_ARE
    turned = _is_turned(image)
    as_it_is = plain and not turned and "transparency" not in image.info
    if turned or (not as_it_is and image.format != "PNG"):
        return _as_png(image)
    try:
        # The very decoder that will read it: Pillow lets some damage pass.
        decoded = pictures.on_white(data)
    except tf.errors.OpError:
        raise BadExample("it does not decode: corrupt or cut short") from None
    return data if as_it_is else tf.io.encode_png(decoded).numpy()


def rgba(data: bytes, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Returns the picture, its first frame, upright, with its transparency.

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


def _is_turned(image: Image.Image) -> bool:
    """Whether a camera held sideways says how to turn the picture."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1) != 1
    except Exception:  # A broken tag turns nothing.
        return False


def _as_rgba(image: Image.Image) -> Image.Image:
    try:
        if _is_turned(image):
            image = ImageOps.exif_transpose(image)
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
