"""One vector a sentence, out of those of its words."""

import tensorflow as tf


def masked_mean(values: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Returns the mean over the places that count.

    Sums are taken in float32, whatever the precision of the values.

    Args:
      values: float `[n, length, units]`.
      mask: bool `[n, length]`, which places count.

    Returns:
      float32 `[n, units]`; zeros where no place counts.
    """
    weights = tf.cast(mask, tf.float32)
    total = tf.einsum("nl,nlu->nu", weights, tf.cast(values, tf.float32))
    count = tf.reduce_sum(weights, axis=1, keepdims=True)
    return total / tf.maximum(count, 1.0)
