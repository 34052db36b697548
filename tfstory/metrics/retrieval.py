"""Does a query find, among candidates, the one that belongs to it?"""

import tensorflow as tf


def r_precision(
    right: tf.Tensor, wrong: tf.Tensor, counts: tf.Tensor
) -> tf.Tensor:
    """Returns the R-precision of queries to which one candidate belongs.

    Xu et al. 2018, "AttnGAN", section 4, with R = 1: whether that candidate
    is the most similar one. Where others are just as similar, it is found
    with the chance of drawing it among them, so that a judge that knows
    nothing finds no more than by chance.

    Args:
      right: float `[...]`, similarity of each query to its own candidate.
      wrong: float `[..., n]`, to the others.
      counts: bool `[..., n]`, which of these are candidates.

    Returns:
      float32 `[...]`, from 0 to 1.
    """
    right = tf.expand_dims(right, axis=-1)
    nearer = tf.reduce_any(counts & (wrong > right), axis=-1)
    as_near = tf.cast(counts & (wrong == right), tf.float32)
    share = 1.0 / (1.0 + tf.reduce_sum(as_near, axis=-1))
    return tf.where(nearer, 0.0, share)
