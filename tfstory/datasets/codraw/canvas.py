"""Paints CoDraw's canvases from their description.

A canvas is described by `count,` and 8 values a piece: `png, index, subtype,
object type, x, y, depth, flip`.
"""

import dataclasses
import io
from collections.abc import Callable

from PIL import Image

from tfstory.datasets import pictures
from tfstory.datasets.candidates import BadExample

WIDTH = 500
HEIGHT = 400
BACKGROUND = "background.png"

_SCALES = (1.0, 0.7, 0.49)  # by depth
_SKY = 0  # object type
_NOT_USED = -10_000
_VALUES = 8
# Pixels; farther off is no place but damage.
_FARTHEST = 10_000


@dataclasses.dataclass(frozen=True)
class Piece:
    """A piece of clip art on the canvas.

    Attributes:
      picture: file name.
      kind: object type; 0 is the sky's.
      x: of the centre, in pixels of the full canvas.
      y: of the centre, downwards.
      depth: 0 (near, full size) to 2 (far).
      flip: mirrored left to right.
    """

    picture: str
    kind: int
    x: float
    y: float
    depth: int
    flip: bool


def parse(canvas: str) -> tuple[Piece, ...]:
    """Returns the pieces that are on a canvas, in the order described.

    Raises:
      BadExample: the description is malformed.
    """
    count, _, rest = canvas.partition(",")
    values = rest.rstrip(",").split(",") if rest else []
    try:
        if len(values) != int(count) * _VALUES:
            raise ValueError(f"{count} pieces and {len(values)} values")
        return tuple(
            piece
            for i in range(0, len(values), _VALUES)
            if (piece := _piece(values[i : i + _VALUES])) is not None
        )
    except ValueError as error:
        raise BadExample(f"a canvas is malformed: {error}") from None


def _piece(values: list[str]) -> Piece | None:
    x, y = float(values[4]), float(values[5])
    if x == _NOT_USED or y == _NOT_USED:
        return None
    if not (abs(x) <= _FARTHEST and abs(y) <= _FARTHEST):  # Or NaN.
        raise ValueError(f"no place {x}, {y}")
    depth = int(values[6])
    if depth not in range(len(_SCALES)):
        raise ValueError(f"no depth {depth}")
    return Piece(values[0], int(values[3]), x, y, depth, values[7] == "1")


def paint_order(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Returns the pieces sky first, then from far to near, else as given."""
    return sorted(pieces, key=lambda p: (p.kind != _SKY, -p.depth))


class Painter:
    """Paints canvases; scaled and mirrored pieces are kept.

    Args:
      read: returns a clip art's file by its name; raises `BadExample`.
      width: of the pictures made, in pixels; the height follows.
    """

    def __init__(self, read: Callable[[str], bytes], width: int):
        self._read = read
        self._size = (width, round(width * HEIGHT / WIDTH))
        self._sprites: dict[tuple[str, int, bool], Image.Image] = {}
        self._background = None

    def paint(self, pieces: tuple[Piece, ...]) -> bytes:
        """Returns the canvas as a PNG of `[height, width, 3]`.

        Raises:
          BadExample: a clip art is missing or does not decode.
        """
        if self._background is None:
            image = self._clip_art(BACKGROUND).convert("RGB")
            self._background = image.resize((WIDTH, HEIGHT))
        canvas = self._background.copy()
        for piece in paint_order(pieces):
            sprite = self._sprite(piece)
            corner = (
                round(piece.x - sprite.width / 2),
                round(piece.y - sprite.height / 2),
            )
            canvas.paste(sprite, corner, sprite)
        if self._size != canvas.size:
            canvas = canvas.resize(self._size, Image.Resampling.BOX)
        png = io.BytesIO()
        canvas.save(png, "PNG", compress_level=3)
        return png.getvalue()

    def _sprite(self, piece: Piece) -> Image.Image:
        key = (piece.picture, piece.depth, piece.flip)
        if key not in self._sprites:
            image = self._clip_art(piece.picture)
            scale = _SCALES[piece.depth]
            size = tuple(max(1, round(side * scale)) for side in image.size)
            if size != image.size:
                image = image.resize(size, Image.Resampling.LANCZOS)
            if piece.flip:
                image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            self._sprites[key] = image
        return self._sprites[key]

    def _clip_art(self, name: str) -> Image.Image:
        data = self._read(name)
        try:
            return pictures.rgba(data)
        except BadExample as error:
            raise BadExample(f"the clip art {name}: {error}") from None
