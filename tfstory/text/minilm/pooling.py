"""One vector a sentence, out of the states of its tokens."""

import tensorflow as tf

from tfstory.text.minilm.bert import PAD


def mean_pool(
    states: tf.Tensor, token_ids: tf.Tensor, normalize: bool = False
) -> tf.Tensor:
    """Returns the mean state of each sentence's tokens, padding left out.

    Reimers & Gurevych 2019. all-MiniLM-L6-v2 was trained with vectors of
    length 1, which `normalize` gives; their dot products are cosines.

    Args:
      states: float `[n, length, units]`, of `BertEncoder`.
      token_ids: int32 `[n, length]`, what it was given.
      normalize: bool, whether to divide by the Euclidean norm.

    Returns:
      float32 `[n, units]`; zeros for a sentence of padding alone.
    """
    weights = tf.cast(token_ids != PAD, tf.float32)[:, :, tf.newaxis]
    total = tf.reduce_sum(tf.cast(states, tf.float32) * weights, axis=1)
    mean = total / tf.maximum(tf.reduce_sum(weights, axis=1), 1.0)
    return tf.math.l2_normalize(mean, axis=-1) if normalize else mean
