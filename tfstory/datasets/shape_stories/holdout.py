"""Which heroes meet which rules in training, validation and test."""

from __future__ import annotations

import functools
import hashlib

from tfstory.datasets import splits
from tfstory.datasets.shape_stories.objects import COLOURS

_HELD_OUT_SHARE = 0.1


@functools.cache
def held_out_elsewhere(
    rule: str, shapes: tuple[str, ...], split: str
) -> frozenset[tuple[str, str]]:
    """The (colour, shape) pairs that a rule's hero must not even turn into.

    Args:
      rule: the rule's name.
      shapes: the shapes that can play the rule's hero.
      split: one of `splits.SPLITS`.

    Returns:
      What validation and test keep for themselves, less the split's own.
    """
    kept = {splits.VALIDATION, splits.TEST} - {split}
    return frozenset().union(*(heroes(rule, shapes, k) for k in kept))


@functools.cache
def heroes(
    rule: str, shapes: tuple[str, ...], split: str
) -> tuple[tuple[str, str], ...]:
    """The (colour, shape) pairs that play the hero of a rule in a split.

    A tenth of the pairs (at least one) belongs to the test split, another
    tenth to validation, the rest to training. A hash of the rule and the pair
    decides, not the seed: data made with another seed holds out the same.

    Args:
      rule: the rule's name.
      shapes: the shapes that can play the rule's hero.
      split: one of `splits.SPLITS`.

    Returns:
      The pairs, in an order that is the same everywhere.

    Raises:
      ValueError: there is no such split.
    """
    if split not in splits.SPLITS:
        raise ValueError(
            f"no split {split!r} in shape_stories; use one of "
            + ", ".join(splits.SPLITS)
        )
    pairs = sorted(
        ((colour, shape) for colour in COLOURS for shape in shapes),
        key=lambda pair: hashlib.sha256(
            f"{rule}/{pair[0]}/{pair[1]}".encode()
        ).digest(),
    )
    held_out = max(1, round(len(pairs) * _HELD_OUT_SHARE))
    return tuple(
        {
            splits.TEST: pairs[:held_out],
            splits.VALIDATION: pairs[held_out : 2 * held_out],
            splits.TRAIN: pairs[2 * held_out :],
        }[split]
    )
