"""Does a query find, among candidates, the one that belongs to it?"""

import tensorflow as tf

# With the right one, 100 candidates, as in Xu et al. 2018, section 4.
DISTRACTORS = 99
# Similarities that are equal come out of sums in other orders so far apart.
_ROUNDING = 1e-5


def r_precision(
    right: tf.Tensor, wrong: tf.Tensor, counts: tf.Tensor
) -> tf.Tensor:
    """Returns the R-precision of queries to which one candidate belongs.

    Xu et al. 2018, "AttnGAN", section 4, with R = 1: whether that candidate
    is the most similar one. Where others are just as similar, it is found
    with the chance of drawing it among them, so that a judge that knows
    nothing finds no more than by chance. A query whose similarities are no
    numbers finds nothing.

    Args:
      right: float `[...]`, similarity of each query to its own candidate.
      wrong: float `[..., n]`, to the others.
      counts: bool `[..., n]`, which of these are candidates.

    Returns:
      float32 `[...]`, from 0 to 1.
    """
    right = tf.expand_dims(right, axis=-1)
    # Written so that what is no number is never a success.
    is_nearest = tf.reduce_all(~counts | (wrong <= right + _ROUNDING), axis=-1)
    is_number = tf.math.is_finite(right[..., 0])
    as_near = tf.cast(counts & (wrong >= right - _ROUNDING), tf.float32)
    share = 1.0 / (1.0 + tf.reduce_sum(as_near, axis=-1))
    return tf.where(is_nearest & is_number, share, 0.0)
