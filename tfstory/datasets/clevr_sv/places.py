"""Tells where an object is seen, in numbers of a grid over the picture.

StoryGAN is given each object's coordinates beside its words (Li et al. 2019,
arXiv:1812.02784, section 4.1). These are where a camera at `HOME` sees its
middle: the published cameras stand a little beside, and are not recorded.
"""

from tfstory.datasets.clevr_sv.camera import HEIGHT, HOME, WIDTH, Camera
from tfstory.datasets.clevr_sv.vectors import RADII, SceneObject

# Side of a grid's cell, in pixels.
_CELL = 5


def told(item: SceneObject) -> str:
    """Returns "column C and row R", counted from the upper left corner, 1."""
    middle = (item.x, item.y, RADII[item.size])
    across, down = Camera(HOME).project(middle)
    column = _cell(across, WIDTH)
    return f"column {column} and row {_cell(down, HEIGHT)}"


def _cell(place, size):
    inside = min(max(float(place), 0.0), size - 1.0)
    return int(inside // _CELL) + 1
