"""What stands where in a CLEVR-SV scene."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tfstory.datasets.clevr_sv import places
from tfstory.datasets.clevr_sv.vectors import (
    COLOURS,
    MATERIALS,
    SHAPES,
    SIZES,
    SceneObject,
)
from tfstory.datasets.scene_labels import SceneLabels

# Side of a cell in cells of `places`: 20 pixels.
_SIDE = 4


def _middles(count: int) -> tuple[float, ...]:
    return tuple((i + 0.5) / count for i in range(count))


LABELS = SceneLabels(
    attributes={
        "shape": SHAPES,
        "colour": COLOURS,
        "material": MATERIALS,
        "size": SIZES,
    },
    across=_middles(places.COLUMNS // _SIDE),
    down=_middles(places.ROWS // _SIDE),
)


def label(objects: Sequence[SceneObject]) -> np.ndarray:
    """Returns a scene's labels.

    Args:
      objects: of the scene, the newest last.

    Returns:
      As `label_placed`.
    """
    return label_placed((item, places.place(item)) for item in objects)


def label_placed(objects: Iterable[tuple[Any, places.Place]]) -> np.ndarray:
    """Returns the labels of objects whose places are known.

    An object belongs to the cell where its middle is told to be; of several
    there the nearest to the camera counts, which is the lowest in the
    picture, and of these the newest.

    Args:
      objects: with a field for each attribute, and their places; the newest
        last.

    Returns:
      int64 `[cells, attributes]`, rows of cells from the top left.
    """
    return LABELS.label(
        ((place.column - 1) // _SIDE, (place.row - 1) // _SIDE, item)
        for item, place in sorted(objects, key=lambda one: one[1].row)
    )
