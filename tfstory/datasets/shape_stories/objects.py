"""What a shape story is made of: shapes, colours, sizes and places."""

from __future__ import annotations

from dataclasses import dataclass

# Filled from the list's left to right by every drawing of lots: the order is
# part of the data set and must not change.
SHAPES = (
    "circle",
    "square",
    "triangle",
    "star",
    "heart",
    "diamond",
    "ring",
    "cross",
    "moon",
    "arrow",
)

COLOURS = {
    "red": (216, 40, 40),
    "orange": (250, 140, 20),
    "yellow": (252, 212, 38),
    "green": (52, 160, 70),
    "blue": (40, 100, 220),
    "purple": (130, 60, 180),
    "pink": (245, 105, 170),
    "brown": (125, 80, 45),
    "black": (45, 45, 52),
}

# Radius as a fraction of the picture's side.
SIZES = {"small": 0.07, "medium": 0.10, "large": 0.14}

# Seven steps across (and down) the picture, an object of any size fits at
# the first and the last.
STEPS = tuple(round(0.15 + 0.7 * i / 6, 4) for i in range(7))

# The eight places along the picture's border, clockwise.
BORDER_PLACES = (
    ("top left", STEPS[0], STEPS[0]),
    ("top", STEPS[3], STEPS[0]),
    ("top right", STEPS[6], STEPS[0]),
    ("right", STEPS[6], STEPS[3]),
    ("bottom right", STEPS[6], STEPS[6]),
    ("bottom", STEPS[3], STEPS[6]),
    ("bottom left", STEPS[0], STEPS[6]),
    ("left", STEPS[0], STEPS[3]),
)


@dataclass(frozen=True)
class SceneObject:
    """One object of one frame.

    Attributes:
      shape: a name of `SHAPES`.
      colour: a key of `COLOURS`.
      x: centre, 0 (left) to 1 (right).
      y: centre, 0 (top) to 1 (bottom).
      radius: half the extent, as a fraction of the picture's side.
      angle: clockwise turn from upright, in degrees.
      visible: False while another object covers this one wholly.
      still: True for an object that takes no part in the story.
    """

    shape: str
    colour: str
    x: float
    y: float
    radius: float
    angle: int = 0
    visible: bool = True
    still: bool = False

    @property
    def size(self) -> str:
        """The name in `SIZES` whose radius is nearest."""
        return min(SIZES, key=lambda name: abs(SIZES[name] - self.radius))

    @property
    def place(self) -> str:
        """The name of the ninth of the picture where the centre lies."""
        column = _third(self.x, ("left", "", "right"))
        row = _third(self.y, ("top", "", "bottom"))
        return f"{row} {column}".strip() or "middle"


def nearest_step(value: float) -> int:
    """Returns the index in `STEPS` of the step that is nearest."""
    return min(range(len(STEPS)), key=lambda i: abs(STEPS[i] - value))


def _third(value: float, names: tuple[str, str, str]) -> str:
    return names[min(2, int(value * 3))]
