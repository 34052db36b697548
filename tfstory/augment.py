"""Differentiable augmentation of what a discriminator sees.

Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN
Training", section 4.1: the same kinds of change on real and generated
pictures, for both players, with gradients through them.
"""

from collections.abc import Collection

import tensorflow as tf

COLOR = "color"
TRANSLATION = "translation"
CUTOUT = "cutout"
POLICIES = (COLOR, TRANSLATION, CUTOUT)
# Uniform numbers that a picture's changes are made from.
DRAWS = 7

_LARGEST_SHIFT = 1 / 8
_CUT_SHARE = 1 / 2


def augment(
    pictures: tf.Tensor, draws: tf.Tensor, policies: Collection[str]
) -> tf.Tensor:
    """Changes each picture by its own draws.

    Args:
      pictures: float `[n, height, width, 3]` in [0, 1].
      draws: float `[n, DRAWS]`, uniform in [0, 1).
      policies: of `POLICIES`: "color" changes brightness, saturation and
        contrast; "translation" moves by up to an eighth of the size; "cutout"
        covers a square of half the size. What comes in from outside, and what
        is covered, is mid-grey.

    Returns:
      float, the shape of `pictures`; colours may leave [0, 1].

    Raises:
      ValueError: there is no such policy.
    """
    unknown = set(policies) - set(POLICIES)
    if unknown:
        raise ValueError(
            f"there is no augmentation {sorted(unknown)[0]!r}; choose of "
            f"{', '.join(POLICIES)}"
        )
    draws = tf.cast(draws, pictures.dtype)
    # Around mid-grey, so that a zero is no colour.
    x = pictures - 0.5
    if COLOR in policies:
        x = _brightness(x, draws[:, 0])
        x = _saturation(x, draws[:, 1])
        x = _contrast(x, draws[:, 2])
    if TRANSLATION in policies:
        x = _moved(x, draws[:, 3], axis=1)
        x = _moved(x, draws[:, 4], axis=2)
    if CUTOUT in policies:
        x = x * _outside_cut(x, draws[:, 5], draws[:, 6])
    return x + 0.5


def _brightness(x: tf.Tensor, draw: tf.Tensor) -> tf.Tensor:
    # The paper's [-0.5, 0.5], for pictures in [-1, 1].
    return x + 0.5 * (_one_a_picture(draw) - 0.5)


def _saturation(x: tf.Tensor, draw: tf.Tensor) -> tf.Tensor:
    grey = tf.reduce_mean(x, axis=3, keepdims=True)
    return grey + (x - grey) * 2.0 * _one_a_picture(draw)


def _contrast(x: tf.Tensor, draw: tf.Tensor) -> tf.Tensor:
    mean = tf.reduce_mean(x, axis=[1, 2, 3], keepdims=True)
    return mean + (x - mean) * (_one_a_picture(draw) + 0.5)


def _moved(x: tf.Tensor, draw: tf.Tensor, axis: int) -> tf.Tensor:
    """Moves along an axis by a product with rows of the identity."""
    size = x.shape[axis]
    largest = int(size * _LARGEST_SHIFT + 0.5)
    shift = _integers(draw, 2 * largest + 1) - largest
    source = tf.range(size) + shift[:, tf.newaxis]
    # A place outside has a row of zeros.
    rows = tf.one_hot(source, size, dtype=x.dtype)
    return tf.einsum(
        "nij,njwc->niwc" if axis == 1 else "nij,nhjc->nhic", rows, x
    )


def _outside_cut(
    x: tf.Tensor, row_draw: tf.Tensor, column_draw: tf.Tensor
) -> tf.Tensor:
    """Returns 0 in each picture's square and 1 elsewhere, `[n, h, w, 1]`."""
    inside = [
        _in_cut(x.shape[1], row_draw)[:, :, tf.newaxis],
        _in_cut(x.shape[2], column_draw)[:, tf.newaxis, :],
    ]
    cut = tf.logical_and(*inside)[..., tf.newaxis]
    return 1.0 - tf.cast(cut, x.dtype)


def _in_cut(size: int, draw: tf.Tensor) -> tf.Tensor:
    cut = int(size * _CUT_SHARE + 0.5)
    # The square's centre lies anywhere; beyond the edge it is cut off.
    first = _integers(draw, size + 1 - cut % 2)[:, tf.newaxis] - cut // 2
    place = tf.range(size)
    return tf.logical_and(place >= first, place < first + cut)


def _integers(draw: tf.Tensor, count: int) -> tf.Tensor:
    """Returns int32 `[n]` from 0 to `count` - 1."""
    # Half precision rounds draws near 1 up to 1.
    return tf.minimum(tf.cast(draw * count, tf.int32), count - 1)


def _one_a_picture(draw: tf.Tensor) -> tf.Tensor:
    return draw[:, tf.newaxis, tf.newaxis, tf.newaxis]
