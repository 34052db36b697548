"""Cross-entropy of token sequences, padding left out."""

import tensorflow as tf

from tfstory.text import vocabulary


def target_weights(targets: tf.Tensor) -> tf.Tensor:
    """Returns which tokens a model has to predict.

    Words, unknown words and the end count; padding and the start, which is
    given, do not. So targets may hold the start token or lack it.

    Args:
      targets: integer `[..., length]`, token ids.

    Returns:
      float32, the shape of `targets`: 1 where the token counts, else 0.
    """
    counts = (targets != vocabulary.PAD) & (targets != vocabulary.START)
    return tf.cast(counts, tf.float32)


def cross_entropy(
    logits: tf.Tensor, targets: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns each token's cross-entropy and its weight.

    `replicas.global_mean(*cross_entropy(...))` is the mean over all tokens
    of the global batch that count.

    Args:
      logits: float `[batch, length, vocabulary]`, computed on in float32.
      targets: integer `[batch, length]`, the token that each position of
        `logits` predicts.

    Returns:
      Losses in nats and weights (`target_weights`), float32
      `[batch, length]`. Losses where the weight is 0 mean nothing.
    """
    logits = tf.cast(logits, tf.float32)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=targets, logits=logits
    )
    return losses, target_weights(targets)
