"""Draws a scene as CLEVR-SV shows it: one more object in each frame.

In the manner of Johnson et al., "CLEVR: A Diagnostic Dataset for
Compositional Language and Elementary Visual Reasoning" (CVPR 2017), by
casting rays.
"""

import dataclasses
import io

import numpy as np
from PIL import Image

from tfstory.datasets.clevr_sv import lighting, surfaces
from tfstory.datasets.clevr_sv.camera import HEIGHT, WIDTH, Camera
from tfstory.datasets.clevr_sv.solids import Solid

_SUPERSAMPLING = 2
_UP = np.array([0.0, 0.0, 1.0])


@dataclasses.dataclass(frozen=True)
class Scene:
    """A story's scene.

    Attributes:
      solids: its objects in the order in which they come.
      camera: where it is seen from.
      lamps: what it is lit by.
    """

    solids: tuple[Solid, ...]
    camera: Camera
    lamps: tuple[lighting.Lamp, ...]


def draw(scene: Scene) -> list[bytes]:
    """Draws a scene's frames.

    Returns:
      For each object an RGB PNG file of `[120, 160, 3]` that shows it and
      those before.
    """
    eye = np.asarray(scene.camera.place)
    views = [_view(scene.camera, solid) for solid in scene.solids]
    rays = scene.camera.rays(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    down = np.minimum(rays[..., 2], -1e-6)
    ground = lighting.Surface(
        (eye - eye[2] / down[..., None] * rays).reshape(-1, 3), _UP, scene.lamps
    )
    frames = []
    for count in range(1, len(scene.solids) + 1):
        solids = scene.solids[:count]
        ground.shade(solids[-1])
        picture = lighting.shown(ground.light()).reshape(HEIGHT, WIDTH, 3)
        _put(picture, scene.lamps, solids, views[:count])
        frames.append(_png(picture))
    return frames


@dataclasses.dataclass(frozen=True)
class _View:
    """Where a solid alone would be seen.

    Attributes:
      at: flat indices of the finer pixels it covers, `[N]`.
      distance: from the camera, `[N]`.
      points: where on its surface, `[N, 3]`.
      normals: which way that faces, `[N, 3]`.
      rays: in which direction it is seen, `[N, 3]`.
    """

    at: np.ndarray
    distance: np.ndarray
    points: np.ndarray
    normals: np.ndarray
    rays: np.ndarray


def _view(camera: Camera, solid: Solid) -> _View:
    scale = _SUPERSAMPLING
    # All solids fit between the corners of such a box.
    reach = solid.radius * np.sqrt(2) * np.array([-1, 1])
    corners = np.stack(
        np.meshgrid(reach, reach, solid.radius * np.array([-1, 1])), -1
    ).reshape(-1, 3)
    seen = camera.project(solid.centre + corners) * scale
    left, top = np.maximum(np.floor(seen.min(0)).astype(int), 0)
    right, bottom = np.ceil(seen.max(0)).astype(int)
    columns = np.arange(left, min(right, WIDTH * scale))
    rows = np.arange(top, min(bottom, HEIGHT * scale))
    rays = camera.rays((columns + 0.5) / scale, (rows + 0.5) / scale)
    rays = rays.reshape(-1, 3)
    distance, normals = solid.meet(np.asarray(camera.place), rays)
    hit = np.isfinite(distance)
    flat = rows[:, None] * WIDTH * scale + columns
    points = camera.place + distance[hit, None] * rays[hit]
    return _View(
        flat.ravel()[hit], distance[hit], points, normals[hit], rays[hit]
    )


def _put(picture, lamps, solids, views):
    """Puts the solids into a picture of the ground, float `[H, W, 3]`."""
    scale = _SUPERSAMPLING
    nearest = np.full(HEIGHT * WIDTH * scale**2, np.inf)
    for view in views:
        nearest[view.at] = np.minimum(nearest[view.at], view.distance)
    fine = picture.repeat(scale, 0).repeat(scale, 1).reshape(-1, 3)
    for index, view in enumerate(views):
        front = view.distance <= nearest[view.at]
        view = _View(*(part[front] for part in vars(view).values()))
        others = [*solids[:index], *solids[index + 1 :]]
        light = surfaces.look(
            solids[index], view.points, view.normals, view.rays, lamps, others
        )
        fine[view.at] = lighting.shown(light)
    fine = fine.reshape(HEIGHT, scale, WIDTH, scale, 3)
    # Far faster than a mean over two axes.
    picture[:] = sum(
        fine[:, row, :, column]
        for row in range(scale)
        for column in range(scale)
    )
    picture /= scale**2


def _png(picture: np.ndarray) -> bytes:
    file = io.BytesIO()
    image = Image.fromarray(np.rint(picture).astype(np.uint8))
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
