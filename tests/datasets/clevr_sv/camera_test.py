"""Tests of the camera."""

import json
import zipfile

import numpy as np
from PIL import Image

from tfstory.datasets.clevr_sv.camera import HOME, RIGHT, Camera


def test_it_looks_at_the_origin():
    np.testing.assert_allclose(Camera(HOME).project([0.0, 0.0, 0.0]), [80, 60])


def test_right_is_to_the_right():
    seen = Camera(HOME).project([*RIGHT, 0.0])
    assert seen[0] > 90
    assert abs(seen[1] - 60) < 0.1


def test_it_sees_published_objects_where_they_are(shared_data):
    misses = []
    with zipfile.ZipFile(shared_data / "clevr_sv.zip") as archive:
        name_of = {name.rpartition("/")[2]: name for name in archive.namelist()}
        vectors = json.loads(archive.read(name_of["attributes.json"]))
        for story in range(100, 110):
            before = None
            for frame in range(1, 5):
                name = f"CLEVR_new_{story:06d}_{frame}.png"
                with archive.open(name_of[name]) as file:
                    now = np.asarray(Image.open(file).convert("RGB"), float)
                place = vectors[name][18 * frame - 3 : 18 * frame]
                if before is not None:
                    changed = np.abs(now - before).max(-1) > 30
                    seen = np.argwhere(changed)[:, ::-1].mean(0) + 0.5
                    miss = seen - Camera(HOME).project(place)
                    misses.append(np.hypot(*miss))
                before = now
    # The stories' own cameras are up to half a unit elsewhere.
    assert np.median(misses) < 3


def test_rays_and_projection_agree():
    camera = Camera((7.0, -6.0, 5.5))
    rays = camera.rays(np.array([10.5, 150.0]), np.array([3.0, 60.0, 110.25]))
    assert rays.shape == (3, 2, 3)
    np.testing.assert_allclose(np.linalg.norm(rays, axis=-1), 1)
    seen = camera.project(np.array(camera.place) + 4 * rays)
    np.testing.assert_allclose(seen[..., 0], [[10.5, 150.0]] * 3)
    np.testing.assert_allclose(seen[:, 0, 1], [3.0, 60.0, 110.25])
