"""What stands where in a scene, as numbers for a classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tfstory.datasets.shape_stories.objects import (
    COLOURS,
    SHAPES,
    SIZES,
    STEPS,
    SceneObject,
    nearest_step,
)

# Attribute to its values, which count from 1: 0 is nothing there.
ATTRIBUTES: Mapping[str, Sequence[str]] = {
    "shape": SHAPES,
    "colour": tuple(COLOURS),
    "size": tuple(SIZES),
}
CELLS = len(STEPS) ** 2


def label(objects: Sequence[SceneObject]) -> np.ndarray:
    """Returns a scene's labels.

    Each object belongs to the nearest crossing of the seven steps down and
    across; of several there the foremost counts, and none that is hidden.

    Args:
        objects: of the scene, the rearmost first.

    Returns:
        int64 `[CELLS, len(ATTRIBUTES)]`, rows of cells from the top left.
    """
    labels = np.zeros([CELLS, len(ATTRIBUTES)], np.int64)
    for item in objects:
        if item.visible:
            cell = len(STEPS) * nearest_step(item.y) + nearest_step(item.x)
            labels[cell] = [
                1 + list(values).index(getattr(item, name))
                for name, values in ATTRIBUTES.items()
            ]
    return labels
