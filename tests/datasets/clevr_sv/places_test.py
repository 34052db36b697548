"""Tests of places in words."""

import pytest

from tfstory.datasets.clevr_sv import places
from tfstory.datasets.clevr_sv.camera import RIGHT
from tfstory.datasets.clevr_sv.vectors import SceneObject


def _told(x, y, size="small"):
    return places.told(SceneObject("cube", "red", "metal", size, x, y))


def test_the_middle_is_in_the_middle():
    # 160 x 120 pixels in cells of 5: the middle begins column 17 and row 13;
    # 0.35 above the ground is higher in the picture, by nearly 5 pixels.
    assert _told(0.0, 0.0) == "column 17 and row 12"


def test_right_and_ahead():
    # A unit is some 16 pixels, so that two to the camera's right are 6 cells.
    right = tuple(2 * part for part in RIGHT)
    column, row = (int(word) for word in _told(*right).split()[1::3])
    assert column == pytest.approx(17 + 6, abs=1) and row == 12
    # A quarter turn counter-clockwise from right is away from the camera.
    away = (-2 * RIGHT[1], 2 * RIGHT[0])
    column, row = (int(word) for word in _told(*away).split()[1::3])
    assert column == pytest.approx(17, abs=1) and row < 12


def test_outside_is_at_the_edge():
    assert _told(100 * RIGHT[0], 100 * RIGHT[1]).startswith("column 32 ")
    assert _told(-50 * RIGHT[0], -50 * RIGHT[1]).startswith("column 1 ")
