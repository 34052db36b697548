"""Describes a whole scene in words, nearly enough to draw it again.

For models that paint from words alone: an ordinary first sentence names the
hero and leaves out where everything stands, so that nobody could paint it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tfstory.datasets.shape_stories.grammar import (
    NUMBERS,
    plural,
    with_article,
)
from tfstory.datasets.shape_stories.objects import SceneObject, nearest_step

# One for each of `drawing.BACKGROUNDS`.
GROUNDS = (
    "on white paper",
    "under a blue sky",
    "under a peach sky",
    "under a lilac sky",
    "on mint paper",
    "by the sea",
    "under a yellow sky",
    "under a rose sky",
)

# One for each of `STEPS`.
_ACROSS = (
    "far left",
    "left",
    "half left",
    "",
    "half right",
    "right",
    "far right",
)
_DOWN = (
    "at the very top",
    "near the top",
    "above the middle",
    "in the middle",
    "below the middle",
    "near the bottom",
    "at the very bottom",
)


def describe(objects: Sequence[SceneObject], background: int) -> str:
    """Returns a sentence with all that can be seen.

    Sizes and places are named by the nearest of `SIZES` and `STEPS`. What is
    hidden is left out; of things that are all alike, which stand in two rows
    and are counted, the number alone is said. Things are named from left to
    right, and from the top down: in the order of drawing the hero would be
    the last one always, and could be known without its name.

    Args:
      objects: of the scene, at least one of them visible.
      background: index into `drawing.BACKGROUNDS`.
    """
    visible = (item for item in objects if item.visible)
    groups = [
        list(alike) for _, alike in itertools.groupby(visible, key=_looks)
    ]
    seen = [_described(alike) for alike in sorted(groups, key=_place)]
    listed = ", ".join(seen[:-1])
    listed = f"{listed} and {seen[-1]}" if listed else seen[-1]
    ground = GROUNDS[background]
    return f"{ground[0].upper()}{ground[1:]} we see {listed}."


def _place(alike: Sequence[SceneObject]) -> tuple[int, int]:
    """Column and row of the first of them."""
    return nearest_step(alike[0].x), nearest_step(alike[0].y)


def _looks(item: SceneObject) -> str:
    return f"{item.size} {item.colour} {item.shape}"


def _described(alike: Sequence[SceneObject]) -> str:
    item = alike[0]
    if len(alike) > 1:
        return f"{NUMBERS[len(alike) - 1]} {plural(_looks(item))} in two rows"
    noun = with_article(_looks(item))
    across, down = _ACROSS[nearest_step(item.x)], _DOWN[nearest_step(item.y)]
    return f"{noun} {across} {down}" if across else f"{noun} {down}"
