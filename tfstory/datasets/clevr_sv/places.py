"""Tells where an object is seen, in numbers of a grid over the picture.

StoryGAN is given each object's coordinates beside its words (Li et al. 2019,
arXiv:1812.02784, section 4.1). These are where a camera at `HOME` sees its
middle: the published cameras stand a little beside, and are not recorded.
"""

from typing import NamedTuple

from tfstory.datasets.clevr_sv.camera import HEIGHT, HOME, WIDTH, Camera
from tfstory.datasets.clevr_sv.vectors import RADII, SceneObject

# Side of a grid's cell, in pixels.
_CELL = 5
COLUMNS, ROWS = WIDTH // _CELL, HEIGHT // _CELL


class Place(NamedTuple):
    """A cell of the grid, counted from the upper left corner, 1."""

    column: int
    row: int

    @property
    def inside(self) -> bool:
        """Whether the picture has such a cell."""
        return 1 <= self.column <= COLUMNS and 1 <= self.row <= ROWS


def place(item: SceneObject) -> Place:
    """Returns where an object is seen; outside, the nearest cell."""
    middle = (item.x, item.y, RADII[item.size])
    across, down = Camera(HOME).project(middle)
    return Place(_cell(across, COLUMNS), _cell(down, ROWS))


def told(item: SceneObject) -> str:
    """Returns an object's place as "column C and row R"."""
    column, row = place(item)
    return f"column {column} and row {row}"


def _cell(pixels, cells):
    return min(max(int(pixels // _CELL), 0), cells - 1) + 1
