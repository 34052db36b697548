"""Labels say what stands where in a CLEVR-SV scene."""

import numpy as np
import pytest

from tfstory.datasets.clevr_sv import labels
from tfstory.datasets.clevr_sv.places import Place, place
from tfstory.datasets.clevr_sv.vectors import SceneObject

CUBE = SceneObject("cube", "gray", "rubber", "large", 0.0, 0.0)
BALL = SceneObject("sphere", "yellow", "metal", "small", 2.0, 2.0)


def test_the_grid_has_cells_of_twenty_pixels():
    assert labels.LABELS.cells == 48
    np.testing.assert_allclose(
        np.multiply(labels.LABELS.across, 160), np.arange(10, 160, 20)
    )
    np.testing.assert_allclose(
        np.multiply(labels.LABELS.down, 120), np.arange(10, 120, 20)
    )


@pytest.mark.parametrize(
    ("at", "cell"),
    [
        (Place(1, 1), 0),
        (Place(4, 4), 0),
        (Place(5, 4), 1),
        (Place(4, 5), 8),
        (Place(32, 1), 7),
        (Place(32, 24), 47),
    ],
)
def test_four_columns_and_rows_are_a_cell(at, cell):
    expected = np.zeros([48, 4])
    expected[cell] = [2, 8, 2, 2]
    np.testing.assert_array_equal(labels.label_placed([(BALL, at)]), expected)


def test_of_several_in_a_cell_the_lowest_counts_then_the_newest():
    cube, ball = [1, 1, 1, 1], [2, 8, 2, 2]
    for first, second, expected in (
        (Place(1, 2), Place(2, 3), ball),
        (Place(1, 3), Place(2, 2), cube),
        (Place(1, 2), Place(2, 2), ball),
    ):
        found = labels.label_placed([(CUBE, first), (BALL, second)])
        assert found[0].tolist() == expected and not found[1:].any()


def test_objects_stand_where_they_are_told_to_be():
    # Column 17 and row 12 (see places_test), and one more to the back.
    found = labels.label([SceneObject("cube", "red", "metal", "small", 0, 0)])
    assert found[2 * 8 + 4].tolist() == [1, 2, 2, 2]
    column, row = place(BALL)
    cell = (row - 1) // 4 * 8 + (column - 1) // 4
    assert labels.label([CUBE, BALL])[cell].tolist() == [2, 8, 2, 2]
