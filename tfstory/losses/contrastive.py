"""Losses that draw pairs together and push others apart."""

import tensorflow as tf


def symmetric_info_nce(logits: tf.Tensor, alike: tf.Tensor) -> tf.Tensor:
    """Returns the cross-entropy of finding each pair's other half.

    Radford et al. 2021, "CLIP", figure 3 (InfoNCE, van den Oord et al. 2018,
    equation 4, in both directions): each picture among the texts, each text
    among the pictures, and the mean of both.

    Args:
      logits: float `[n, n]`, of each picture (rows) with each text; pairs
        stand on the diagonal.
      alike: bool `[n, n]`, where halves of different pairs go together too
        and so are no negatives of each other; the diagonal is not looked at.

    Returns:
      float32 `[n]`, in nats a pair.
    """
    logits = tf.cast(logits, tf.float32)
    pairs = tf.range(tf.shape(logits)[0])
    candidates = ~alike | (pairs[:, tf.newaxis] == pairs)
    logits = tf.where(candidates, logits, logits.dtype.min)
    both = [tf.reduce_logsumexp(logits, axis=axis) for axis in (1, 0)]
    return 0.5 * tf.add_n(both) - tf.linalg.diag_part(logits)
