"""Tests of CLEVR-SV's vectors."""

import pytest

from tfstory.datasets.candidates import BadExample
from tfstory.datasets.clevr_sv import vectors

# A small red metal cube, and a large yellow rubber cylinder.
_CUBE = [1, 0, 0] + [0, 1] + [0] * 6 + [0, 1] + [0, 1]
_CYLINDER = [0, 0, 1] + [0] * 7 + [1] + [1, 0] + [1, 0]


def _vector(*objects, right=(1, 0)):
    flat = [float(x) for part, place in objects for x in (*part, *place)]
    return flat + [0.0] * (72 - len(flat)) + [*map(float, right), 0.0]


def _told(place, right=(1, 0)):
    vector = _vector((_CUBE, (0, 0, 1)), (_CYLINDER, place), right=right)
    return vectors.sentence(*vectors.parse(vector))


def test_parse():
    objects, right = vectors.parse(
        _vector((_CUBE, (1, 2, 3)), (_CYLINDER, (4, 5, 6)), right=(0.6, 0.8))
    )
    assert [str(item) for item in objects] == [
        "small red metal cube", "large yellow rubber cylinder",
    ]  # fmt: skip
    assert (objects[1].x, objects[1].y) == (4, 5)
    assert right == (0.6, 0.8)


def test_vector_is_the_inverse_of_parse():
    objects = [
        vectors.SceneObject("cube", "red", "metal", "small", 1.5, -2.25),
        vectors.SceneObject("cylinder", "yellow", "rubber", "large", 0.0, 3.0),
    ]
    for count in range(3):
        vector = vectors.vector(objects[:count], (0.6, 0.8))
        assert vectors.parse(vector) == (objects[:count], (0.6, 0.8))
    assert vector == _vector(
        (_CUBE, (1.5, -2.25, 0.35)),
        (_CYLINDER, (0, 3, 0.7)),
        right=(0.6, 0.8),
    )


def test_first_sentence():
    assert (
        vectors.sentence(*vectors.parse(_vector((_CUBE, (0, 0, 0)))))
        == "there is a small red metal cube"
    )


@pytest.mark.parametrize(
    "place, right, where",
    [
        ((2, 1, 0), (1, 0), "to the right of"),
        ((-2, 1, 0), (1, 0), "to the left of"),
        ((1, 2, 0), (1, 0), "behind"),
        ((1, -2, 0), (1, 0), "in front of"),
        # The camera looks along -x: its right is +y.
        ((0, 1, 0), (0, 1), "to the right of"),
        ((1, 0, 0), (0, 1), "in front of"),
    ],
)
def test_where(place, right, where):
    assert _told(place, right) == (
        f"a large yellow rubber cylinder is {where} the small red metal cube"
    )


def test_wrong_size():
    with pytest.raises(BadExample, match="has 3 numbers, not 75"):
        vectors.parse([1.0, 2.0, 3.0])


def test_not_one_hot():
    vector = _vector((_CUBE, (0, 0, 0)))
    vector[1] = 1.0
    with pytest.raises(BadExample, match="does not choose one"):
        vectors.parse(vector)
