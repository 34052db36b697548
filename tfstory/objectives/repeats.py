"""Penalty for sequences that a generator repeats."""

import tensorflow as tf

# No token's id.
_NOTHING = -1


def copies(tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Returns how often each sequence occurs in the batch.

    ORGAN (Guimaraes et al. 2017, arXiv:1705.10843) divides a sequence's
    reward by this number, so that a generator gains nothing from writing one
    good sequence again and again. Sequences are compared, not hashes of them.

    Args:
      tokens: int32 `[batch, length]`. With several replicas, of the whole
        global batch.
      mask: float32 `[batch, length]`, 1 where a token counts; tokens that do
        not count make no difference.

    Returns:
      float32 `[batch]`, 1 for a sequence that occurs once.
    """
    counted = tf.where(mask > 0, tokens, _NOTHING)
    _, index, counts = tf.raw_ops.UniqueWithCountsV2(x=counted, axis=[0])
    return tf.cast(tf.gather(counts, index), tf.float32)
