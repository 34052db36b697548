"""Draws scenes: anti-aliased shapes on plain light backgrounds, as PNG."""

from __future__ import annotations

import functools
import io
import math
from collections.abc import Iterable

from PIL import Image, ImageChops, ImageDraw

from tfstory.datasets.shape_stories.objects import COLOURS, SceneObject

# Sky at the top, sky above the ground, ground, and where the ground begins.
# `describing.GROUNDS` names them.
BACKGROUNDS = (
    ((250, 250, 247), (250, 250, 247), (250, 250, 247), 1.0),
    ((214, 234, 250), (238, 247, 253), (214, 232, 205), 0.74),
    ((252, 232, 214), (254, 246, 234), (232, 214, 192), 0.74),
    ((226, 224, 246), (243, 242, 252), (214, 212, 228), 0.70),
    ((236, 246, 240), (236, 246, 240), (236, 246, 240), 1.0),
    ((218, 240, 244), (240, 250, 250), (244, 234, 206), 0.72),
    ((255, 246, 214), (255, 251, 236), (222, 234, 204), 0.76),
    ((244, 228, 236), (252, 242, 246), (228, 218, 222), 0.72),
)

_SUPERSAMPLING = 8
_OUTLINE = 1 / 64  # of the picture's side
_WIDEST_OUTLINE = 0.16  # of the radius
_OUTLINE_SHADE = 0.62


def draw_scene(
    objects: Iterable[SceneObject], background: int, image_size: int
) -> bytes:
    """Draws one frame.

    Args:
      objects: what to draw, the rearmost first.
      background: index into `BACKGROUNDS`.
      image_size: width and height in pixels.

    Returns:
      An RGB PNG of `[image_size, image_size, 3]`.
    """
    image = _background(background, image_size).copy()
    for item in objects:
        colours, mask = _sprite(
            item.shape, item.colour, item.radius, item.angle, image_size
        )
        half = mask.width // 2
        corner = (
            math.floor(item.x * image_size + 0.5) - half,
            math.floor(item.y * image_size + 0.5) - half,
        )
        image.paste(colours, corner, mask)
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=1)
    return png.getvalue()


@functools.lru_cache(maxsize=64)
def _background(index: int, image_size: int) -> Image.Image:
    top, horizon, ground, ground_from = BACKGROUNDS[index]
    image = Image.new("RGB", (image_size, image_size))
    draw = ImageDraw.Draw(image)
    horizon_row = round(ground_from * image_size)
    for row in range(image_size):
        share = min(1.0, row / horizon_row)
        colour = ground
        if row < horizon_row:
            colour = tuple(
                round(a + (b - a) * share)
                for a, b in zip(top, horizon, strict=True)
            )
        draw.line([(0, row), (image_size, row)], fill=colour)
    return image


@functools.lru_cache(maxsize=8192)
def _sprite(
    shape: str, colour: str, radius: float, angle: int, image_size: int
) -> tuple[Image.Image, Image.Image]:
    """The colours and the coverage mask of an object; cached."""
    outer, inner = _masks(shape, radius, angle, image_size)
    fill = COLOURS[colour]
    outline = tuple(round(c * _OUTLINE_SHADE) for c in fill)
    colours = Image.new("RGB", outer.size, outline)
    colours.paste(fill, (0, 0), inner)
    return colours, outer


@functools.lru_cache(maxsize=2048)
def _masks(
    shape: str, radius: float, angle: int, image_size: int
) -> tuple[Image.Image, Image.Image]:
    """Coverage of the whole shape and of its inside, without the outline."""
    scale = _SUPERSAMPLING
    outline = image_size * min(_OUTLINE, _WIDEST_OUTLINE * radius)
    half = math.ceil(radius * image_size + outline) + 1
    side = 2 * half * scale
    pixels = radius * image_size * scale
    outer = _shape_mask(shape, side, pixels, angle)
    inner = _eroded(outer, round(outline * scale))
    return outer.reduce(scale), inner.reduce(scale)


def _eroded(mask: Image.Image, width: int) -> Image.Image:
    """The mask less a border of `width` pixels, by shifted minima."""
    eroded = mask
    for step in range(16):
        turn = 2 * math.pi * step / 16
        shifted = ImageChops.offset(
            mask,
            round(width * math.cos(turn)),
            round(width * math.sin(turn)),
        )
        eroded = ImageChops.darker(eroded, shifted)
    return eroded


def _shape_mask(
    shape: str, side: int, radius: float, angle: int
) -> Image.Image:
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    middle = side / 2

    def disc(x: float, y: float, r: float, fill: int) -> None:
        centre_x = middle + x * radius
        centre_y = middle + y * radius
        r *= radius
        box = (centre_x - r, centre_y - r, centre_x + r, centre_y + r)
        draw.ellipse(box, fill=fill)

    if shape in ("circle", "ring"):
        disc(0, 0, 1, 255)
        if shape == "ring":
            disc(0, 0, 0.42, 0)
    elif shape == "moon":
        disc(0, 0, 1, 255)
        disc(0.62, -0.22, 0.72, 0)
    else:
        draw.polygon(
            [
                (middle + x * radius, middle + y * radius)
                for x, y in _outline_points(shape)
            ],
            fill=255,
        )
    # Pillow turns counter-clockwise.
    return mask.rotate(-angle) if angle else mask


def _outline_points(shape: str) -> list[tuple[float, float]]:
    """Corners within the unit circle, y downwards, the shape upright."""
    if shape == "square":
        return [(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)]
    if shape == "diamond":
        return [(0, -1), (1, 0), (0, 1), (-1, 0)]
    if shape == "triangle":
        return [(0, -0.98), (0.94, 0.72), (-0.94, 0.72)]
    if shape == "cross":
        a, b = 0.34, 0.94
        return [
            (-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a),
            (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a),
        ]  # fmt: skip
    if shape == "arrow":
        return [
            (0, -1), (0.88, 0), (0.36, 0), (0.36, 0.96),
            (-0.36, 0.96), (-0.36, 0), (-0.88, 0),
        ]  # fmt: skip
    if shape == "star":
        return [
            (
                (1.0 if i % 2 == 0 else 0.45) * math.sin(math.pi * i / 5),
                -(1.0 if i % 2 == 0 else 0.45) * math.cos(math.pi * i / 5),
            )
            for i in range(10)
        ]
    if shape == "heart":
        curve = []
        for i in range(96):
            t = 2 * math.pi * i / 96
            x = 16 * math.sin(t) ** 3
            y = (
                13 * math.cos(t)
                - 5 * math.cos(2 * t)
                - 2 * math.cos(3 * t)
                - math.cos(4 * t)
            )
            curve.append((x / 17, -(y + 2.5) / 15.5))
        return curve
    raise ValueError(f"no shape {shape!r}")
