"""Per-example sums over the pixels of pictures."""

import tensorflow as tf


def absolute_error(predicted: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    """Returns each example's sum of absolute differences.

    Args:
      predicted: float `[n, ...]`, such as `[n, height, width, 3]` in [0, 1];
        an example of size 1 (a mean picture) goes with every target.
      target: float `[n, ...]`.

    Returns:
      float32 `[n]`, in the unit of the pictures' values.
    """
    difference = tf.cast(predicted, tf.float32) - tf.cast(target, tf.float32)
    axes = tf.range(1, tf.rank(difference))
    return tf.reduce_sum(tf.abs(difference), axis=axes)


def value_count(target: tf.Tensor) -> tf.Tensor:
    """Returns how many values (pixels times channels) each example has.

    Args:
      target: `[n, ...]`.

    Returns:
      float32 `[n]`, the denominator of L1 as a mean over pixels and channels.
    """
    shape = tf.shape(target)
    values = tf.cast(tf.reduce_prod(shape[1:]), tf.float32)
    return tf.fill(shape[:1], values)
