"""Tests of the solids."""

import numpy as np
import pytest

from tfstory.datasets.clevr_sv.solids import Solid
from tfstory.datasets.clevr_sv.vectors import SHAPES, SceneObject

_DOWN = np.array([[0.0, 0.0, -1.0]])


def _solid(shape, angle=0.0):
    return Solid(SceneObject(shape, "red", "rubber", "large", 1, 2), angle)


@pytest.mark.parametrize("shape", SHAPES)
def test_from_above(shape):
    distance, normals = _solid(shape, 0.3).meet(np.array([1, 2, 5.0]), _DOWN)
    np.testing.assert_allclose(distance, [5 - 1.4])
    np.testing.assert_allclose(normals, [[0, 0, 1]], atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_from_the_side(shape):
    ray = np.array([[-1.0, 0.0, 0.0]])
    distance, normals = _solid(shape).meet(np.array([4, 2, 0.7]), ray)
    np.testing.assert_allclose(distance, [4 - 1.7])
    np.testing.assert_allclose(normals, [[1, 0, 0]], atol=1e-9)


@pytest.mark.parametrize(
    "shape, hits", [("sphere", False), ("cylinder", False), ("cube", True)]
)
def test_only_a_cube_has_corners(shape, hits):
    above = np.array([1 + 0.65, 2 + 0.65, 5.0])
    distance, _ = _solid(shape).meet(above, _DOWN)
    assert np.isfinite(distance[0]) == hits
    turned, _ = _solid(shape, np.pi / 4).meet(above, _DOWN)
    assert np.isinf(turned[0])


@pytest.mark.parametrize("shape", SHAPES)
def test_what_lies_behind_is_not_met(shape):
    distance, _ = _solid(shape).meet(np.array([1, 2, 5.0]), -_DOWN)
    assert np.isinf(distance[0])
