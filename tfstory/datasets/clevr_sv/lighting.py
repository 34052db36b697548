"""CLEVR-SV's light: three lamps, what comes from all sides, soft shadows.

Places and strengths are fitted to the ground and to the rubber spheres of the
published pictures. Brightness is linear, 1 the brightest that a picture can
show; `shown` turns it into what a picture holds. The ground's paint is 1.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from tfstory.datasets.clevr_sv.solids import Solid

# Light from above and from below: the backdrop, and the ground's echo.
_FROM_ABOVE = 0.134
_FROM_BELOW = 0.107
# A broad weak light that only upright faces catch.
_FROM_THE_SIDE = 0.053
_SIDE = np.array([0.97, -0.25, 0.0])
# The lamps are large: the share of the way to a solid over which its shadow's
# edge is spread, on top of a share of the solid's radius.
_EDGE_GROWTH = 0.12
_EDGE = 0.2
# Solids hide less of what comes from all sides than if it came evenly.
_NEARNESS = 0.6
_GAMMA = 2.2


@dataclasses.dataclass(frozen=True)
class Lamp:
    """A lamp.

    Attributes:
      place: in CLEVR's units.
      colour: its strengths in red, green and blue.
      glare: how bright metal mirrors it.
    """

    place: tuple[float, float, float]
    colour: tuple[float, float, float]
    glare: float


# The key light, the bluish one far left, the one behind the scene.
LAMPS = (
    Lamp((4.82, -2.05, 3.99), (3.22, 2.99, 2.62), 0.8),
    Lamp((-3.54, -3.07, 2.93), (0.62, 0.67, 0.83), 0.8),
    Lamp((-0.87, 1.61, 4.40), (1.51, 1.50, 1.49), 0.3),
)


class Surface:
    """A piece of surface and the light that reaches it.

    Args:
      points: `[N, 3]`, places on it.
      normals: `[N, 3]` or `[3]`, which way it faces.
      lamps: the lamps.
      solids: what stands in the light's way, without the surface's own.
    """

    def __init__(
        self,
        points: np.ndarray,
        normals: np.ndarray,
        lamps: Sequence[Lamp],
        solids: Sequence[Solid] = (),
    ):
        self._points, self._normals = points, normals
        up = normals[..., 2]
        self._around = np.zeros(len(points)) + (
            _FROM_ABOVE * (1 + up) / 2
            + _FROM_BELOW * (1 - up) / 2
            + _FROM_THE_SIDE * np.maximum(normals @ _SIDE, 0)
        )
        self._lamps = [self._lit(lamp) for lamp in lamps]
        for solid in solids:
            self.shade(solid)

    def shade(self, solid: Solid) -> None:
        """Puts one more solid into the light's way."""
        to_solid = solid.centre - self._points
        self._around *= 1 - self._near(to_solid, solid.radius)
        for beam in self._lamps:
            beam.strength *= 1 - _shadow(to_solid, beam, solid.radius)

    def light(self) -> np.ndarray:
        """Returns what falls on it, float `[N, 3]`: red, green and blue."""
        light = np.repeat(self._around[:, None], 3, axis=1)
        for beam in self._lamps:
            light += beam.strength[:, None] * beam.colour
        return light

    def _lit(self, lamp):
        way = np.asarray(lamp.place) - self._points
        length = _length(way)
        facing = np.maximum(_dot(way, self._normals), 0)
        return _Beam(way, length, facing / length**3, lamp.colour)

    def _near(self, to_solid, radius):
        """The share of all directions that a solid hides, as if round."""
        far = np.maximum(_length(to_solid), radius)
        facing = np.maximum(_dot(to_solid, self._normals), 0)
        return _NEARNESS * facing * radius**2 / far**3


@dataclasses.dataclass
class _Beam:
    """A lamp's light on a surface.

    Attributes:
      way: to the lamp, `[N, 3]`.
      length: of the way, `[N]`.
      strength: what arrives, `[N]`, before the colour.
      colour: the lamp's.
    """

    way: np.ndarray
    length: np.ndarray
    strength: np.ndarray
    colour: tuple[float, float, float]


def _shadow(to_solid, beam, radius):
    """How much of a lamp a solid hides, by how near the light passes it."""
    along = np.clip(_dot(to_solid, beam.way) / beam.length**2, 0, 1)
    passes = _length(to_solid - along[:, None] * beam.way)
    edge = _EDGE * radius + _EDGE_GROWTH * along * beam.length
    hidden = np.clip((radius + edge - passes) / (2 * edge), 0, 1)
    return np.where(along > 0, hidden * hidden * (3 - 2 * hidden), 0.0)


def _dot(one, other):
    if other.ndim == 1:
        return one @ other
    return np.einsum("ni,ni->n", one, other)


def _length(vectors):
    return np.sqrt(np.einsum("ni,ni->n", vectors, vectors))


def shown(light: np.ndarray) -> np.ndarray:
    """Returns linear light as a picture's numbers, float from 0 to 255."""
    return 255 * np.clip(light, 0, 1) ** (1 / _GAMMA)
