"""Draws stories for people: strips of pictures with captions underneath."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

# Pixels. Smaller pictures are enlarged by whole factors.
_SMALLEST_SIDE = 160
_LARGEST_SIDE = 320
_MARGIN = 16
_GAP = 14
_FRAME = 4
_FRAME_GAP = 2
_LINE_HEIGHT = 18
_CAPTION_SIZE = 13
_TITLE_SIZE = 12
_LABEL_SIZE = 15
_MAX_LINES = 5

_PAPER = (255, 255, 255)
_INK = (33, 37, 41)
_SOFT_INK = (108, 117, 125)
_HAIRLINE = (206, 212, 218)
_ACCENT = (214, 93, 14)

_ELLIPSIS = "..."


def strip(
    images: np.ndarray,
    captions: Sequence[str],
    titles: Sequence[str] = (),
    generated: Sequence[bool] = (),
) -> np.ndarray:
    """Draws frames side by side, each with its caption underneath.

    Args:
      images: uint8 `[frames, height, width, 3]`.
      captions: one a frame; wrapped, and cut after five lines.
      titles: one a frame, above the picture; none leaves no room for them.
      generated: one a frame, whether a model made the picture: those have a
        coloured frame and title. None at all means that all are real.

    Returns:
      uint8 `[strip height, strip width, 3]`.

    Raises:
      ValueError: no frames, another type or shape of pictures, or another
        number of captions, titles or flags than of frames.
    """
    images = np.asarray(images)
    _check_pictures(images)
    count = len(images)
    titles = titles if len(titles) else [""] * count
    generated = generated if len(generated) else [False] * count
    for name, values in (
        ("captions", captions),
        ("titles", titles),
        ("generated flags", generated),
    ):
        if len(values) != count:
            raise ValueError(f"{count} pictures, but {len(values)} {name}")

    width, height = _shown_size(images.shape[2], images.shape[1])
    wrapped = [_wrap(text, width, _CAPTION_SIZE) for text in captions]
    title_height = _LINE_HEIGHT + 4 if any(titles) else 0
    top = _MARGIN + title_height
    text_top = top + height + _FRAME + _FRAME_GAP + 8
    pitch = width + _GAP + 2 * (_FRAME + _FRAME_GAP)
    left = _MARGIN + _FRAME + _FRAME_GAP
    lines = max(len(text) for text in wrapped)
    canvas = Image.new(
        "RGB",
        (
            2 * left + (count - 1) * pitch + width,
            text_top + lines * _LINE_HEIGHT + _MARGIN,
        ),
        _PAPER,
    )
    draw = ImageDraw.Draw(canvas)
    for index in range(count):
        x = left + index * pitch
        picture = Image.fromarray(images[index])
        _draw_picture(canvas, picture, x, top, (width, height))
        if generated[index]:
            _draw_frame(draw, x, top, width, height)
        title_colour = _ACCENT if generated[index] else _SOFT_INK
        title = _wrap(titles[index], width, _TITLE_SIZE, max_lines=1)
        _draw_lines(draw, title, (x, _MARGIN - 6), _TITLE_SIZE, title_colour)
        _draw_lines(draw, wrapped[index], (x, text_top), _CAPTION_SIZE, _INK)
    return np.asarray(canvas)


def sheet(rows: Sequence[np.ndarray], row_labels: Sequence[str]) -> np.ndarray:
    """Stacks pictures such as strips, each under its label.

    Args:
      rows: uint8 `[height, width, 3]` each; sizes may differ.
      row_labels: one a row.

    Returns:
      uint8 `[sheet height, sheet width, 3]`.

    Raises:
      ValueError: no rows, or another number of labels.
    """
    if not len(rows) or len(rows) != len(row_labels):
        raise ValueError(
            f"{len(rows)} rows and {len(row_labels)} labels: there must be "
            "as many of both, and at least one"
        )
    width = max(row.shape[1] for row in rows)
    label_height = _LABEL_SIZE + _MARGIN
    height = sum(row.shape[0] + label_height for row in rows)
    canvas = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(canvas)
    y = 0
    for index, (row, label) in enumerate(zip(rows, row_labels, strict=True)):
        if index:
            draw.line([(_MARGIN, y), (width - _MARGIN, y)], fill=_HAIRLINE)
        line = _wrap(label, width - 2 * _MARGIN, _LABEL_SIZE, max_lines=1)
        corner = (_MARGIN + _FRAME + _FRAME_GAP, y + _MARGIN - 4)
        _draw_lines(draw, line, corner, _LABEL_SIZE, _INK)
        y += label_height
        canvas.paste(Image.fromarray(row), (0, y))
        y += row.shape[0]
    return np.asarray(canvas)


def _check_pictures(images: np.ndarray) -> None:
    is_rgb = images.ndim == 4 and images.shape[-1] == 3
    if not is_rgb or images.dtype != np.uint8 or not images.size:
        raise ValueError(
            "a strip needs uint8 pictures of shape [frames, height, width, "
            f"3], not {images.dtype} of shape {list(images.shape)}"
        )


def _shown_size(width: int, height: int) -> tuple[int, int]:
    side = max(width, height)
    if side < _SMALLEST_SIDE:
        factor = math.ceil(_SMALLEST_SIDE / side)
    else:
        factor = min(1.0, _LARGEST_SIDE / side)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _draw_picture(
    canvas: Image.Image,
    picture: Image.Image,
    x: int,
    y: int,
    size: tuple[int, int],
) -> None:
    if picture.size != size:
        # Lanczos would add halos that the model did not draw.
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    canvas.paste(picture, (x, y))
    # A hairline, so that a light picture does not run into the paper.
    ImageDraw.Draw(canvas).rectangle(
        [x - 1, y - 1, x + size[0], y + size[1]], outline=_HAIRLINE
    )


def _draw_frame(
    draw: ImageDraw.ImageDraw, x: int, y: int, width: int, height: int
) -> None:
    reach = _FRAME + _FRAME_GAP
    draw.rounded_rectangle(
        [x - reach, y - reach, x + width + reach - 1, y + height + reach - 1],
        radius=reach,
        outline=_ACCENT,
        width=_FRAME,
    )


def _draw_lines(
    draw: ImageDraw.ImageDraw,
    lines: Sequence[str],
    corner: tuple[int, int],
    size: int,
    colour: tuple[int, int, int],
) -> None:
    font = ImageFont.load_default(size)
    x, y = corner
    for line in lines:
        draw.text((x, y), line, font=font, fill=colour)
        y += _LINE_HEIGHT


def _wrap(
    text: str, width: int, size: int, max_lines: int = _MAX_LINES
) -> list[str]:
    """Breaks text into lines of at most `width` pixels."""
    font = ImageFont.load_default(size)
    # A lone surrogate cannot be drawn.
    text = text.encode("utf-8", "replace").decode("utf-8")
    lines = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(joined) <= width:
            lines[-1] = joined
            continue
        # A word wider than the line, or writing without spaces.
        lines.append("")
        for character in word:
            if lines[-1] and font.getlength(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
        if len(lines) > max_lines:
            break
    if len(lines) > max_lines:
        lines = lines[:max_lines]
        last = lines[-1]
        while last and font.getlength(last + _ELLIPSIS) > width:
            last = last[:-1]
        lines[-1] = last.rstrip() + _ELLIPSIS
    return lines
