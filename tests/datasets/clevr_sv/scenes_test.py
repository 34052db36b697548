"""Tests of the random scenes."""

import collections
import itertools
import math

import numpy as np
import pytest

from tfstory.datasets.clevr_sv import scenes, vectors
from tfstory.datasets.clevr_sv.camera import RIGHT


@pytest.fixture(scope="module")
def many():
    """200 scenes."""
    return [scenes.random_scene(0, index) for index in range(200)]


def test_seed_and_number_decide():
    assert scenes.random_scene(3, 5) == scenes.random_scene(3, 5)
    assert scenes.random_scene(3, 5) != scenes.random_scene(3, 6)
    assert scenes.random_scene(3, 5) != scenes.random_scene(4, 5)


def test_objects_stand_apart(many):
    for scene in many:
        items = [solid.item for solid in scene.solids]
        assert len(items) == 4
        for one, other in itertools.combinations(items, 2):
            gap = math.hypot(one.x - other.x, one.y - other.y)
            reach = vectors.RADII[one.size] + vectors.RADII[other.size]
            assert gap - reach >= scenes.GAP
            way = np.array([one.x - other.x, one.y - other.y])
            for side in (RIGHT, (-RIGHT[1], RIGHT[0])):
                assert abs(way @ side) >= scenes.MARGIN
        assert all(max(abs(i.x), abs(i.y)) <= scenes.REACH for i in items)


def test_vectors_tell_the_scene(many):
    for scene in many:
        items = [solid.item for solid in scene.solids]
        vector = vectors.vector(items, RIGHT)
        assert vectors.parse(vector) == (items, RIGHT)


def test_every_attribute_is_about_as_frequent(many):
    items = [solid.item for scene in many for solid in scene.solids]
    for name, choices in (
        ("shape", vectors.SHAPES),
        ("colour", vectors.COLOURS),
        ("material", vectors.MATERIALS),
        ("size", vectors.SIZES),
    ):
        counts = collections.Counter(getattr(item, name) for item in items)
        for choice in choices:
            share = counts[choice] / len(items) * len(choices)
            assert 0.7 < share < 1.3, choice
