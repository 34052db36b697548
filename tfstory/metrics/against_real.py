"""Distances of sets of examples to the real ones, each with its name."""

from collections.abc import Callable, Mapping
from typing import TypeVar

# The set that the others are measured against, and the model's own.
REAL = "real"
MODEL = ""

Measured = TypeVar("Measured")


def against_real(
    name: str,
    measured: Mapping[str, Measured],
    distance: Callable[[Measured, Measured], float],
) -> dict[str, float]:
    """Returns the distance of each set to the real one.

    Args:
      name: of the distance.
      measured: what `distance` takes of each set; `REAL` is one of them.
      distance: of two sets.

    Returns:
      `<name>` for `MODEL`, `<name>_<set>` for each other set.
    """
    real = measured[REAL]
    return {
        f"{name}_{other}" if other else name: distance(value, real)
        for other, value in measured.items()
        if other != REAL
    }
