"""Random choices that repeat on every machine and Python version."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Lots:
    """Draws from a stream that its key alone decides.

    Only `random.Random.random` is promised to repeat from one Python to the
    next, so everything here is made of it.

    Args:
      key: names the stream; the same key draws the same lots.
    """

    def __init__(self, key: str):
        digest = hashlib.sha256(key.encode()).digest()
        self._random = random.Random(int.from_bytes(digest[:16], "big")).random

    def real(self) -> float:
        """A number from 0 up to but without 1."""
        return self._random()

    def below(self, count: int) -> int:
        """An integer from 0 to `count - 1`."""
        return int(self._random() * count)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def draw(self, items: Iterable[T], count: int) -> list[T]:
        """`count` different items, in random order.

        Raises:
          ValueError: there are fewer than `count` items.
        """
        rest = list(items)
        if count > len(rest):
            raise ValueError(f"cannot draw {count} of {len(rest)} items")
        return [rest.pop(self.below(len(rest))) for _ in range(count)]
