"""Sheets of generated faces, for people to look at."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, strips
from tfstory.systems.face_gan.features import PICTURES
from tfstory.systems.face_gan.interpolation import between
from tfstory.systems.face_gan.model import FaceModel
from tfstory.systems.face_gan.statistics import Statistics
from tfstory.systems.seeded_noise import normals

_COLUMNS = 8
_SAMPLES = 32
_WAYS = 2
_GAP = 2


def sample_sheet(
    batch: Mapping[str, tf.Tensor], model: FaceModel, statistics: Statistics
) -> np.ndarray:
    """Draws generated faces from the same noise in every sheet.

    Under them ways from one noise to another, and real faces with the mean
    of the training pictures.

    Args:
      batch: prepared batch of a few examples.
      model: FaceModel.
      statistics: Statistics.

    Returns:
      uint8 `[height, width, 3]`.
    """
    seeds = tf.stack(
        [tf.zeros([_SAMPLES], tf.int64), tf.range(_SAMPLES, dtype=tf.int64)], 1
    )
    noise = normals(seeds, model.latent_size)
    shares = tf.linspace(0.0, 1.0, _COLUMNS)
    ways = [
        between(
            tf.repeat(noise[2 * way : 2 * way + 1], _COLUMNS, axis=0),
            tf.repeat(noise[2 * way + 1 : 2 * way + 2], _COLUMNS, axis=0),
            shares,
        )
        for way in range(_WAYS)
    ]
    drawn = pictures.to_uint8(model.average(tf.concat([noise, *ways], 0)))
    mean = pictures.to_uint8(statistics.mean_picture)
    real = np.concatenate([[mean], batch[PICTURES][: _COLUMNS - 1]])
    return strips.sheet(
        [grid(drawn[:_SAMPLES]), grid(drawn[_SAMPLES:]), grid(real)],
        [
            "generated, from fixed noise",
            "from one noise to another",
            "mean of the training pictures, and real ones",
        ],
    )


def grid(images: np.ndarray, columns: int = _COLUMNS) -> np.ndarray:
    """Lays pictures out in rows, each of twice its size.

    Args:
      images: uint8 `[n, height, width, 3]`.
      columns: int.

    Returns:
      uint8 `[height, width, 3]`; places left over are white.
    """
    images = np.asarray(images).repeat(2, axis=1).repeat(2, axis=2)
    missing = -len(images) % columns
    gap = ((0, 0), (_GAP, _GAP), (_GAP, _GAP), (0, 0))
    images = np.pad(images, gap, constant_values=255)
    images = np.pad(
        images, ((0, missing), (0, 0), (0, 0), (0, 0)), constant_values=255
    )
    count, height, width, _ = images.shape
    rows = images.reshape([count // columns, columns, height, width, 3])
    return np.concatenate(
        [np.concatenate(list(row), axis=1) for row in rows], axis=0
    )
