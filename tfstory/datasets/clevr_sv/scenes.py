"""Random scenes as CLEVR-SV has them; a seed and a number decide all of one.

Places keep CLEVR's rules (Johnson et al., 2017): objects stand apart, differ
clearly along both of the camera's directions, and can all be seen.
"""

import dataclasses
import itertools
import math

import numpy as np

from tfstory.datasets.clevr_sv.camera import HOME, JITTER, RIGHT, Camera
from tfstory.datasets.clevr_sv.drawing import Scene
from tfstory.datasets.clevr_sv.lighting import LAMPS
from tfstory.datasets.clevr_sv.solids import Solid
from tfstory.datasets.clevr_sv.vectors import (
    COLOURS,
    MATERIALS,
    OBJECTS,
    RADII,
    SHAPES,
    SIZES,
    SceneObject,
)
from tfstory.datasets.lots import Lots

# Objects stand within 3 units of the middle along each axis, at least so far
# from each other, and differ so much along the camera's right and ahead.
REACH = 3.0
GAP = 0.25
MARGIN = 0.4
_LAMP_JITTER = 1.0


def random_scene(seed: int, index: int) -> Scene:
    """Returns a scene; the arguments decide all of it.

    Args:
      seed: of the data set.
      index: the scene's number, from 0.
    """
    lots = Lots(f"clevr_sv/{seed}/{index}")
    camera = Camera(_moved(lots, HOME, JITTER))
    lamps = tuple(
        dataclasses.replace(lamp, place=_moved(lots, lamp.place, _LAMP_JITTER))
        for lamp in LAMPS
    )
    solids = None
    while solids is None:
        solids = _solids(lots, camera)
    return Scene(solids, camera, lamps)


def _moved(lots, place, most):
    return tuple(at + most * (2 * lots.real() - 1) for at in place)


def _solids(lots, camera):
    """Places objects one by one; None where there is no room for one."""
    solids = []
    for _ in range(OBJECTS):
        words = map(lots.pick, (SHAPES, COLOURS, MATERIALS, SIZES))
        shape, colour, material, size = words
        for _ in range(50):
            # With as many decimals as the published vectors.
            x, y = (round(REACH * (2 * lots.real() - 1), 6) for _ in "xy")
            item = SceneObject(shape, colour, material, size, x, y)
            if all(_apart(item, other.item) for other in solids):
                break
        else:
            return None
        solids.append(Solid(item, 2 * math.pi * lots.real()))
    pairs = itertools.permutations(solids, 2)
    if any(_hides(camera, one, other) for one, other in pairs):
        return None
    return tuple(solids)


def _apart(one, other):
    along, across = one.x - other.x, one.y - other.y
    to_right = along * RIGHT[0] + across * RIGHT[1]
    to_back = -along * RIGHT[1] + across * RIGHT[0]
    gap = math.hypot(along, across) - RADII[one.size] - RADII[other.size]
    return gap >= GAP and min(abs(to_right), abs(to_back)) >= MARGIN


def _hides(camera, near, far):
    """Whether a solid's silhouette covers the middle of one behind it."""
    eye = np.asarray(camera.place)
    way = far.centre - eye
    distance = np.linalg.norm(way)
    met, _ = near.meet(eye, way[None] / distance)
    return met[0] < distance
