"""Pictures with what the classifier sees in them, for people."""

from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

from tfstory import examples, strips
from tfstory.systems.attribute_classifier.features import PICTURES


def sample_sheet(
    batch: Mapping[str, tf.Tensor],
    seen: np.ndarray,
    attributes: Mapping[str, Sequence[str]],
) -> np.ndarray:
    """Draws a row a picture: what stands there, and what is seen.

    Args:
      batch: prepared batch of a few examples.
      seen: int `[batch, cells, attributes]`.
      attributes: name to values, those from 1 on.

    Returns:
      uint8 `[height, width, 3]`.
    """
    rows = [
        strips.strip(
            np.stack([picture, picture]),
            [_in_words(true, attributes), _in_words(said, attributes)],
            ["truth", "seen"],
            [False, True],
        )
        for picture, true, said in zip(
            batch[PICTURES].numpy(),
            batch[examples.LABELS].numpy(),
            seen,
            strict=True,
        )
    ]
    return strips.sheet(rows, [f"picture {i + 1}" for i in range(len(rows))])


def _in_words(labels, attributes):
    return ", ".join(
        "/".join(
            values[value - 1] if value else "-"
            for value, values in zip(cell, attributes.values(), strict=True)
        )
        for cell in labels
        if cell[0]
    )
