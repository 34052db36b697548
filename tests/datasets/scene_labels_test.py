"""Labels number cells in rows, and values from 1."""

from typing import NamedTuple

import numpy as np
import pytest

from tfstory.datasets.scene_labels import SceneLabels


class _Thing(NamedTuple):
    form: str
    weight: str


LABELS = SceneLabels(
    attributes={"weight": ("light", "heavy"), "form": ("cup", "jug", "pot")},
    across=(0.2, 0.5, 0.8),
    down=(0.25, 0.75),
)


def test_cells_lie_in_rows_and_the_last_counts():
    found = LABELS.label(
        [
            (2, 0, _Thing("jug", "light")),
            (1, 1, _Thing("cup", "heavy")),
            (1, 1, _Thing("pot", "light")),
        ]
    )
    assert found.dtype == np.int64
    expected = [[0, 0], [0, 0], [1, 2], [0, 0], [1, 3], [0, 0]]
    np.testing.assert_array_equal(found, expected)


def test_nothing_is_a_value_too():
    assert LABELS.cells == 6
    assert LABELS.classes == {"weight": 3, "form": 4}


def test_an_unknown_value_has_no_number():
    with pytest.raises(ValueError):
        LABELS.label([(0, 0, _Thing("box", "heavy"))])
