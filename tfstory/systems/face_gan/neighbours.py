"""The training pictures nearest to generated ones, to see memorising."""

from collections.abc import Iterable

import numpy as np


def nearest(
    generated: np.ndarray, training: Iterable[np.ndarray], count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Finds each picture's nearest ones by the difference of their pixels.

    Args:
      generated: uint8 `[n, height, width, 3]`.
      training: batches of uint8 `[batch, height, width, 3]`.
      count: int, neighbours a picture.

    Returns:
      The neighbours, nearest first, uint8 `[n, count, height, width, 3]`, and
      their root mean square difference per channel, in [0, 1], float32
      `[n, count]`; fewer than `count` where there are fewer pictures.
    """
    shape = generated.shape[1:]
    wanted = generated.reshape([len(generated), -1]).astype(np.float32)
    found = np.zeros([len(generated), 0, *shape], np.uint8)
    errors = np.zeros([len(generated), 0], np.float32)
    for batch in training:
        batch = np.asarray(batch)
        flat = batch.reshape([len(batch), -1]).astype(np.float32)
        squares = (
            np.sum(wanted**2, axis=1, keepdims=True)
            - 2.0 * wanted @ flat.T
            + np.sum(flat**2, axis=1)
        )
        error = np.sqrt(np.maximum(squares, 0.0) / flat.shape[1]) / 255.0
        errors = np.concatenate([errors, error], axis=1)
        several = np.broadcast_to(batch, [len(generated), *batch.shape])
        found = np.concatenate([found, several], axis=1)
        best = np.argsort(errors, axis=1, kind="stable")[:, :count]
        errors = np.take_along_axis(errors, best, axis=1)
        found = found[np.arange(len(generated))[:, np.newaxis], best]
    return found, errors
