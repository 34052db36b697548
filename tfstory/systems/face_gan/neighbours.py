"""The training pictures nearest to some, to see memorising."""

from collections.abc import Iterable

import numpy as np


def nearest(
    images: np.ndarray, training: Iterable[np.ndarray], count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Finds each picture's nearest ones by the difference of their pixels.

    Args:
      images: uint8 `[n, height, width, 3]`.
      training: batches of uint8 `[batch, height, width, 3]`.
      count: int, neighbours a picture.

    Returns:
      The neighbours, nearest first, uint8 `[n, count, height, width, 3]`, and
      their root mean square difference per channel, in [0, 1], float32
      `[n, count]`; fewer than `count` where there are fewer pictures.
    """
    wanted = images.reshape([len(images), -1]).astype(np.float64)
    errors = np.zeros([len(images), 0], np.float32)
    # Places among all training pictures; the pictures of those in use.
    places = np.zeros([len(images), 0], np.int64)
    kept: dict[int, np.ndarray] = {}
    seen = 0
    for batch in training:
        batch = np.asarray(batch)
        errors = np.concatenate([errors, _differences(wanted, batch)], axis=1)
        new = np.tile(seen + np.arange(len(batch)), [len(images), 1])
        places = np.concatenate([places, new], axis=1)
        best = np.argsort(errors, axis=1, kind="stable")[:, :count]
        errors = np.take_along_axis(errors, best, axis=1)
        places = np.take_along_axis(places, best, axis=1)
        kept = {
            place: kept[place] if place < seen else batch[place - seen].copy()
            for place in np.unique(places).tolist()
        }
        seen += len(batch)
    found = np.zeros([*places.shape, *images.shape[1:]], np.uint8)
    for place, picture in kept.items():
        found[places == place] = picture
    return found, errors


def _differences(wanted: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """Returns the root mean square difference of each to each, in [0, 1].

    Sums in float64 are exact, so that a copy's difference is 0.
    """
    flat = batch.reshape([len(batch), -1]).astype(np.float64)
    squares = (
        np.sum(wanted**2, axis=1, keepdims=True)
        - 2.0 * wanted @ flat.T
        + np.sum(flat**2, axis=1)
    )
    return (np.sqrt(squares / flat.shape[1]) / 255.0).astype(np.float32)
