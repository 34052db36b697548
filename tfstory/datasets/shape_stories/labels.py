"""What stands where in a scene of a shape story."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tfstory.datasets.scene_labels import SceneLabels
from tfstory.datasets.shape_stories.objects import (
    COLOURS,
    SHAPES,
    SIZES,
    STEPS,
    SceneObject,
    nearest_step,
)

LABELS = SceneLabels(
    attributes={
        "shape": SHAPES,
        "colour": tuple(COLOURS),
        "size": tuple(SIZES),
    },
    across=STEPS,
    down=STEPS,
)


def label(objects: Sequence[SceneObject]) -> np.ndarray:
    """Returns a scene's labels.

    Each object belongs to the nearest crossing of the seven steps down and
    across; of several there the foremost counts, and none that is hidden.

    Args:
      objects: of the scene, the rearmost first.

    Returns:
      int64 `[cells, attributes]`, rows of cells from the top left.
    """
    return LABELS.label(
        (nearest_step(item.x), nearest_step(item.y), item)
        for item in objects
        if item.visible
    )
