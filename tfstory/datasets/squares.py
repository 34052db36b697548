"""Cuts a square out of a picture and brings it to a size."""

import dataclasses
import io

from PIL import Image

from tfstory.datasets import pictures


@dataclasses.dataclass(frozen=True)
class Crop:
    """A square, in shares of the picture that it is cut from.

    Attributes:
      side: of the shorter side.
      middle: where its middle lies, as shares of the width and the height.
    """

    side: float = 1.0
    middle: tuple[float, float] = (0.5, 0.5)

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Returns left, top, right and bottom in pixels, inside the picture."""
        side = max(1, round(self.side * min(width, height)))
        left, top = (
            min(max(0, int(share * size - side / 2)), size - side)
            for share, size in zip(self.middle, (width, height), strict=True)
        )
        return left, top, left + side, top + side


WHOLE = Crop()
# The 128 x 128 pixels around (89, 121) of CelebA's aligned 178 x 218, as
# Karras et al. 2018 ("Progressive Growing of GANs") cut them: the face, and
# little else.
ALIGNED_FACE = Crop(128 / 178, (89 / 178, 121 / 218))


def square(data: bytes, size: int, crop: Crop) -> tuple[bytes, int]:
    """Returns the crop as a PNG, and how many pixels it had on a side.

    Args:
      data: the file's bytes, in any format that `pictures.checked` takes. A
        camera's mark of how it was held is minded.
      size: int, pixels on a side of the result.
      crop: which square.

    Raises:
      BadExample: the picture is too large or does not decode.
    """
    image = Image.open(io.BytesIO(pictures.checked(data))).convert("RGB")
    image = image.crop(crop.box(*image.size))
    side = image.width
    if side != size:
        image = image.resize((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue(), side
