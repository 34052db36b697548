"""Divergences between distributions."""

import tensorflow as tf


def kl_to_standard_normal(
    mean: tf.Tensor, log_variance: tf.Tensor
) -> tf.Tensor:
    """Returns KL(N(mean, diag(variance)) || N(0, I)).

    Seed document 000, section 1.2 (Kingma and Welling 2014, appendix B).

    Args:
      mean: float `[batch, size]`.
      log_variance: float `[batch, size]`.

    Returns:
      float32 `[batch]`, in nats.
    """
    mean = tf.cast(mean, tf.float32)
    log_variance = tf.cast(log_variance, tf.float32)
    return 0.5 * tf.reduce_sum(
        tf.exp(log_variance) + tf.square(mean) - 1.0 - log_variance, axis=-1
    )
