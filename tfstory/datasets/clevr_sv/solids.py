"""Where rays meet CLEVR's three solids, and which way the surface faces."""

import dataclasses

import numpy as np

from tfstory.datasets.clevr_sv.vectors import RADII, SceneObject

# How far from a cube's or a cylinder's edge its surface turns, of the radius.
_BEVEL = 0.09


@dataclasses.dataclass(frozen=True)
class Solid:
    """An object that stands on the ground.

    Attributes:
      item: what it is and where.
      angle: how far it is turned about the upright axis, in radians.
    """

    item: SceneObject
    angle: float

    @property
    def radius(self) -> float:
        """Half its width and half its height, in CLEVR's units."""
        return RADII[self.item.size]

    @property
    def centre(self) -> np.ndarray:
        """Its middle, float `[3]`."""
        return np.array([self.item.x, self.item.y, self.radius])

    def meet(
        self, origins: np.ndarray, rays: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Finds where rays from outside first meet the surface.

        Args:
          origins: `[N, 3]` or `[3]`, in CLEVR's units.
          rays: `[N, 3]`, directions of length 1.

        Returns:
          `[N]` distances, infinite where a ray misses, and `[N, 3]` outward
          normals of length 1, of no meaning there.
        """
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        # To the solid's own axes, and back by the transpose.
        turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
        start = (origins - self.centre) @ turn / self.radius
        way = rays @ turn
        distance, normals = _MEET[self.item.shape](start, way)
        return distance * self.radius, normals @ turn.T


def _meet_sphere(start, way):
    nearest = -(start * way).sum(-1)
    inside = nearest**2 - (start * start).sum(-1) + 1
    distance = nearest - np.sqrt(np.maximum(inside, 0))
    distance = np.where((inside > 0) & (distance > 0), distance, np.inf)
    return distance, _points(start, way, distance)


def _meet_cube(start, way):
    enter, leave = _between(start, way)
    distance = _first(enter.max(-1), leave.min(-1))
    points = _points(start, way, distance)
    beyond = np.maximum(np.abs(points) - (1 - _BEVEL), 0)
    return distance, _unit(np.sign(points) * beyond)


def _meet_cylinder(start, way):
    a = np.maximum((way[..., :2] ** 2).sum(-1), 1e-12)
    b = (start[..., :2] * way[..., :2]).sum(-1)
    c = (start[..., :2] ** 2).sum(-1) - 1
    inside = b * b - a * c
    root = np.sqrt(np.maximum(inside, 0))
    enter, leave = _between(start[..., 2:], way[..., 2:])
    distance = _first(
        np.maximum(enter[..., 0], (-b - root) / a),
        np.minimum(leave[..., 0], (-b + root) / a),
    )
    distance = np.where(inside > 0, distance, np.inf)
    points = _points(start, way, distance)
    from_axis = np.linalg.norm(points[..., :2], axis=-1, keepdims=True)
    sideways = np.maximum(from_axis - (1 - _BEVEL), 0)
    upright = np.maximum(np.abs(points[..., 2:]) - (1 - _BEVEL), 0)
    return distance, _unit(
        np.concatenate(
            [
                points[..., :2] / np.maximum(from_axis, 1e-12) * sideways,
                np.sign(points[..., 2:]) * upright,
            ],
            axis=-1,
        )
    )


_MEET = {
    "sphere": _meet_sphere,
    "cube": _meet_cube,
    "cylinder": _meet_cylinder,
}


def _between(start, way):
    """Where rays enter and leave the space from -1 to 1 along each axis."""
    way = np.where(np.abs(way) < 1e-12, 1e-12, way)
    one, other = (-1 - start) / way, (1 - start) / way
    return np.minimum(one, other), np.maximum(one, other)


def _first(enter, leave):
    return np.where((enter < leave) & (enter > 0), enter, np.inf)


def _points(start, way, distance):
    finite = np.where(np.isfinite(distance), distance, 0.0)
    return start + finite[..., None] * way


def _unit(normals):
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    return normals / np.maximum(length, 1e-12)
