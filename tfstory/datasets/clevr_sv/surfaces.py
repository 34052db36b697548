"""How CLEVR's materials look: matt rubber, and metal that mirrors.

Metal shows the ground, its neighbours, the lamps and a faint backdrop in the
dark above; how bright each is, was measured on the published pictures' metal
spheres and cubes.
"""

from collections.abc import Sequence

import numpy as np

from tfstory.datasets.clevr_sv.lighting import Lamp, Surface
from tfstory.datasets.clevr_sv.solids import Solid

# Linear shades of the published pictures' rubber spheres; the ground has 1.
_PAINT = {
    "gray": (0.34, 0.34, 0.33),
    "red": (0.77, 0.14, 0.14),
    "blue": (0.18, 0.33, 0.95),
    "green": (0.12, 0.47, 0.08),
    "brown": (0.55, 0.30, 0.09),
    "purple": (0.58, 0.16, 0.84),
    "cyan": (0.17, 0.89, 0.89),
    "yellow": (1.10, 1.00, 0.21),
}
_UP = np.array([0.0, 0.0, 1.0])
# What metal gives back of what it sees.
_MIRRORED = 0.9
# The dark above, and the backdrop behind the scene.
_DARK = 0.025
_BACKDROP = 0.1
_BEHIND = np.array([-0.88, 0.4, 0.25])
# Metal is a little rough: lamps and the ground's far end run into the dark,
# over angles of about so much.
_LAMP_WIDTH = 0.22
_HORIZON = 0.3


def look(
    solid: Solid,
    points: np.ndarray,
    normals: np.ndarray,
    rays: np.ndarray,
    lamps: Sequence[Lamp],
    others: Sequence[Solid],
) -> np.ndarray:
    """Returns the light that comes from a solid's surface.

    Args:
      solid: whose surface.
      points: `[N, 3]`, places on it.
      normals: `[N, 3]`, which way it faces there.
      rays: `[N, 3]`, in which direction it is looked at.
      lamps: what it is lit by.
      others: the other solids of the scene.

    Returns:
      float `[N, 3]`, linear red, green and blue.
    """
    if solid.item.material == "rubber":
        return _matt(solid, points, normals, lamps, others)
    facing = (rays * normals).sum(-1, keepdims=True)
    mirrored = rays - 2 * facing * normals
    light = _above(points, mirrored, lamps)
    distance = _add_ground(light, points, mirrored, lamps, solid)
    _add_solids(light, distance, points, mirrored, lamps, others)
    return _MIRRORED * light * _PAINT[solid.item.colour]


def _matt(solid, points, normals, lamps, others):
    light = Surface(points, normals, lamps, others).light()
    return light * _PAINT[solid.item.colour]


def _above(points, rays, lamps):
    """What a mirror at `points` shows where nothing stands in the way."""
    behind = np.clip((rays @ _BEHIND - 0.6) / 0.3, 0, 1)[:, None]
    light = np.repeat(_DARK + _BACKDROP * behind, 3, axis=1)
    for lamp in lamps:
        way = np.asarray(lamp.place) - points
        way /= np.linalg.norm(way, axis=-1, keepdims=True)
        # Half the square of the angle, where that is small.
        off = 1 - (way * rays).sum(-1, keepdims=True)
        glare = lamp.glare * np.exp(-2 * off / _LAMP_WIDTH**2)
        light += glare * lamp.colour
    return light


def _add_ground(light, points, rays, lamps, own):
    """Puts the ground into the mirror; returns how far away it is, `[N]`."""
    share = np.clip(0.5 - rays[:, 2] / (2 * _HORIZON), 0, 1)
    share = (share * share * (3 - 2 * share))[:, None]
    seen = share[:, 0] > 0
    # Where the light of the ground is taken from: not from too far off.
    steps = points[:, 2] / np.maximum(-rays[:, 2], _HORIZON / 2)
    met = points[seen] + steps[seen, None] * rays[seen]
    met[:, 2] = 0
    ground = Surface(met, _UP, lamps, [own]).light()
    light[seen] += share[seen] * (ground - light[seen])
    return np.where(
        rays[:, 2] < 0, points[:, 2] / np.maximum(-rays[:, 2], 1e-9), np.inf
    )


def _add_solids(light, nearest, points, rays, lamps, solids):
    """Puts neighbours into the mirror, as if they were of rubber."""
    for solid in solids:
        distance, normals = solid.meet(points, rays)
        hit = distance < nearest
        nearest[hit] = distance[hit]
        met = points[hit] + distance[hit, None] * rays[hit]
        light[hit] = _matt(solid, met, normals[hit], lamps, ())
