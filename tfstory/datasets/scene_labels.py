"""What stands where in a picture, as numbers for a classifier."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class SceneLabels:
    """What the cells of a dataset's scenes are labelled with.

    Attributes:
      attributes: name to its values, which count from 1: 0 is nothing there.
      across: where the columns of cells lie, as shares of the width.
      down: where the rows of cells lie, as shares of the height.
    """

    attributes: Mapping[str, Sequence[str]]
    across: Sequence[float]
    down: Sequence[float]

    @property
    def cells(self) -> int:
        """The number of cells."""
        return len(self.across) * len(self.down)

    @property
    def classes(self) -> dict[str, int]:
        """Attribute to the number of its values, "nothing" included."""
        return {name: 1 + len(v) for name, v in self.attributes.items()}

    def label(self, placed: Iterable[tuple[int, int, Any]]) -> np.ndarray:
        """Returns a scene's labels.

        Args:
          placed: column, row and what stands there, with a field for each
            attribute; of several in a cell the last counts.

        Returns:
          int64 `[cells, attributes]`, rows of cells from the top left.
        """
        labels = np.zeros([self.cells, len(self.attributes)], np.int64)
        for column, row, item in placed:
            labels[len(self.across) * row + column] = [
                1 + values.index(getattr(item, name))
                for name, values in self.attributes.items()
            ]
        return labels
