"""Ways from one noise to another."""

import tensorflow as tf


def between(first: tf.Tensor, last: tf.Tensor, shares: tf.Tensor) -> tf.Tensor:
    """Goes along the arc from one normal noise to another.

    On the straight line between two, noise is shorter than any that a
    generator has seen (White 2016, "Sampling Generative Networks").

    Args:
      first: float `[n, size]`.
      last: float `[n, size]`.
      shares: float `[n]` in [0, 1]: how far.

    Returns:
      float `[n, size]`.
    """
    cosine = tf.reduce_sum(
        tf.math.l2_normalize(first, axis=-1)
        * tf.math.l2_normalize(last, axis=-1),
        axis=-1,
    )
    angle = tf.acos(tf.clip_by_value(cosine, -1.0, 1.0))
    sine = tf.sin(angle)
    # Where the arc is a point or turns around, the line will do.
    is_line = sine < 1e-4

    def weight(share):
        arc = tf.sin(share * angle) / tf.where(is_line, 1.0, sine)
        return tf.where(is_line, share, arc)[:, tf.newaxis]

    return weight(1.0 - shares) * first + weight(shares) * last
