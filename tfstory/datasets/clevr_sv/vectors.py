"""CLEVR-SV's 75-number vector of a frame: reading, writing and telling it.

Four objects of 18 numbers (shape 3, colour 8, material 2, size 2 as one-hot;
x, y, z), all zero where the object is not there yet; then the camera's
right-hand direction.
"""

import dataclasses
from collections.abc import Sequence

from tfstory.datasets.candidates import BadExample

SIZE = 75
OBJECTS = 4
_OBJECT_SIZE = 18
SHAPES = ("cube", "sphere", "cylinder")
COLOURS = (
    "gray", "red", "blue", "green", "brown", "purple", "cyan", "yellow",
)  # fmt: skip
MATERIALS = ("rubber", "metal")
SIZES = ("large", "small")
_CHOICES = (SHAPES, COLOURS, MATERIALS, SIZES)
# Half an object's width, and how high above the ground its middle is.
RADII = {"large": 0.7, "small": 0.35}


@dataclasses.dataclass(frozen=True)
class SceneObject:
    """An object of a scene; `x`, `y` lie on the ground, in CLEVR's units."""

    shape: str
    colour: str
    material: str
    size: str
    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.size} {self.colour} {self.material} {self.shape}"


def parse(
    vector: Sequence[float],
) -> tuple[list[SceneObject], tuple[float, float]]:
    """Returns a frame's objects and the camera's right on the ground.

    Raises:
      BadExample: the vector has another size, or an attribute that is not
        one-hot.
    """
    if len(vector) != SIZE:
        raise BadExample(f"its vector has {len(vector)} numbers, not {SIZE}")
    objects = []
    for i in range(OBJECTS):
        part = vector[i * _OBJECT_SIZE : (i + 1) * _OBJECT_SIZE]
        if any(part):
            objects.append(_object(part))
    right = vector[OBJECTS * _OBJECT_SIZE :]
    return objects, (right[0], right[1])


def _object(part: Sequence[float]) -> SceneObject:
    words = []
    at = 0
    for names in _CHOICES:
        one_hot = list(part[at : at + len(names)])
        if sorted(one_hot) != [0.0] * (len(names) - 1) + [1.0]:
            raise BadExample(f"its vector does not choose one of {names}")
        words.append(names[one_hot.index(1.0)])
        at += len(names)
    return SceneObject(*words, x=part[at], y=part[at + 1])


def vector(
    objects: Sequence[SceneObject], right: tuple[float, float]
) -> list[float]:
    """Returns a frame's vector, as `parse` reads it.

    Args:
      objects: the frame's objects, `OBJECTS` at most, the newest last.
      right: the camera's right-hand direction on the ground.

    Returns:
      `SIZE` numbers.
    """
    numbers = []
    for item in objects:
        words = (item.shape, item.colour, item.material, item.size)
        for word, names in zip(words, _CHOICES, strict=True):
            numbers += [float(word == name) for name in names]
        numbers += [item.x, item.y, RADII[item.size]]
    absent = [0.0] * (OBJECTS * _OBJECT_SIZE - len(numbers))
    return [*numbers, *absent, *right, 0.0]


def sentence(
    objects: Sequence[SceneObject],
    right: tuple[float, float],
    place: str = "",
) -> str:
    """Tells of the newest object, and where it is seen from the one before.

    Args:
      objects: the frame's objects, the newest last.
      right: the camera's right-hand direction on the ground.
      place: where in the picture the newest is; "" does not tell.

    Returns:
      "there is a ..." for a first object, else "a ... is in front of /
      behind / to the left of / to the right of the ...", whichever of the
      two directions is farther.
    """
    new = objects[-1]
    told = f"{new} at {place}" if place else str(new)
    if len(objects) == 1:
        return f"there is a {told}"
    old = objects[-2]
    along, across = new.x - old.x, new.y - old.y
    to_right = along * right[0] + across * right[1]
    # A quarter turn counter-clockwise from the camera's right is away from it.
    to_back = -along * right[1] + across * right[0]
    if abs(to_right) >= abs(to_back):
        where = "to the right of" if to_right > 0 else "to the left of"
    else:
        where = "behind" if to_back > 0 else "in front of"
    return f"a {told} is {where} the {old}"
