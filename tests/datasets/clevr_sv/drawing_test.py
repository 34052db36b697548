"""Tests of the drawn pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from tfstory.datasets.clevr_sv import drawing, scenes
from tfstory.datasets.clevr_sv.camera import HOME, Camera
from tfstory.datasets.clevr_sv.lighting import LAMPS
from tfstory.datasets.clevr_sv.solids import Solid
from tfstory.datasets.clevr_sv.vectors import (
    COLOURS,
    MATERIALS,
    SHAPES,
    SceneObject,
)


def _decoded(png):
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.mode) == ("PNG", "RGB")
    return np.asarray(image).astype(float)


def _drawn(*items):
    solids = tuple(Solid(item, 0.4) for item in items)
    scene = drawing.Scene(solids, Camera(HOME), LAMPS)
    return [_decoded(png) for png in drawing.draw(scene)]


def test_the_scene_decides_every_byte():
    scene = scenes.random_scene(1, 2)
    frames = drawing.draw(scene)
    assert frames == drawing.draw(scenes.random_scene(1, 2))
    assert [_decoded(frame).shape for frame in frames] == [(120, 160, 3)] * 4
    assert len(set(frames)) == 4


def test_the_newest_object_appears_where_the_camera_sees_it():
    misses = []
    for index in range(12):
        scene = scenes.random_scene(0, index)
        frames = [_decoded(png) for png in drawing.draw(scene)]
        for k in (1, 2, 3):
            changed = np.abs(frames[k] - frames[k - 1]).max(-1) > 30
            seen = np.argwhere(changed)[:, ::-1].mean(0) + 0.5
            place = scene.camera.project(scene.solids[k].centre)
            misses.append(np.hypot(*(seen - place)))
    # Some stand partly behind others.
    assert np.median(misses) < 1.5


@pytest.mark.parametrize("material", MATERIALS)
@pytest.mark.parametrize("shape", SHAPES)
def test_colours_differ(shape, material):
    shades = []
    for colour in COLOURS:
        item = SceneObject(shape, colour, material, "large", 0, 0)
        shades.append(_drawn(item)[0][46:56, 75:85].mean((0, 1)))
    for index, shade in enumerate(shades):
        for other in shades[:index]:
            assert np.abs(shade - other).max() > 15


def test_metal_shines():
    frames = [
        _drawn(SceneObject("sphere", "green", material, "large", 0, 0))[0]
        for material in MATERIALS
    ]
    rubber, metal = (frame[40:70, 60:100, 1].max() for frame in frames)
    assert metal > rubber + 30


def test_the_nearer_object_covers_the_farther():
    near = SceneObject("cube", "red", "rubber", "large", 1, -1)
    far = SceneObject("cube", "blue", "rubber", "large", -0.5, 0.3)
    for items in ((near, far), (far, near)):
        x, y = Camera(HOME).project([1, -1, 0.9]).astype(int)
        red, _, blue = _drawn(*items)[1][y, x]
        assert red > blue + 30


def test_an_object_out_of_the_picture_changes_little_of_it():
    inside = SceneObject("cube", "red", "rubber", "large", 0, 0)
    outside = SceneObject("sphere", "blue", "metal", "large", 5, 5)
    one, two = _drawn(inside, outside)
    assert np.abs(two - one).max() < 20
