"""A few of many values, each kept with the same chance, in one pass."""

from collections.abc import Iterable

import numpy as np


class Reservoir:
    """Reservoir sampling (Vitter 1985, algorithm R).

    Args:
      size: int, how many to keep.
      seed: int, decides which.

    Attributes:
      kept: the values, fewer than `size` where there were no more.
    """

    def __init__(self, size: int, seed: int):
        self._size = size
        self._seen = 0
        self._generator = np.random.default_rng(seed)
        self.kept: list[np.ndarray] = []

    def add(self, values: Iterable[np.ndarray]) -> None:
        """Keeps some of the values in place of earlier ones.

        Args:
          values: of any shape, the same for all.
        """
        for value in values:
            self._seen += 1
            if len(self.kept) < self._size:
                self.kept.append(np.array(value))
                continue
            place = int(self._generator.integers(self._seen))
            if place < self._size:
                # A view would keep the whole batch in memory.
                self.kept[place] = np.array(value)
