"""Sums and random seeds that come out right on any number of replicas."""

import tensorflow as tf


def global_sum(value: tf.Tensor) -> tf.Tensor:
    """Sums a tensor over the replicas; on one device returns it unchanged."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return value
    return context.all_reduce(tf.distribute.ReduceOp.SUM, value)


def global_mean(values: tf.Tensor, weights: tf.Tensor | None = None):
    """Returns this replica's share of the mean over the whole global batch.

    Keras optimizers sum gradients over replicas, so a loss must be a share
    whose sum over replicas is the mean: exact for unequal shards too.

    Args:
      values: float tensor, one loss an entry.
      weights: float tensor of the same shape, or None for all ones. Entries
        of weight 0 (padding) do not count.

    Returns:
      float scalar. Zero where no replica has any weight.
    """
    if weights is None:
        weights = tf.ones_like(values)
    total = tf.reduce_sum(values * weights)
    count = global_sum(tf.stop_gradient(tf.reduce_sum(weights)))
    return tf.math.divide_no_nan(total, count)


def replica_seed(seed: int, stream: int, step: tf.Tensor) -> tf.Tensor:
    """Returns a stateless seed that differs by replica, step and stream.

    Args:
      seed: int, the run's seed.
      stream: int, tells apart the draws within one step.
      step: integer scalar, the training step, so that a resumed run draws
        what the unbroken one would have drawn.

    Returns:
      int32 `[2]`, for `tf.random.stateless_*`.
    """
    context = tf.distribute.get_replica_context()
    replica = context.replica_id_in_sync_group if context else 0
    base = tf.random.experimental.stateless_fold_in(
        tf.constant([seed, stream], tf.int32), tf.cast(step, tf.int32)
    )
    return tf.random.experimental.stateless_fold_in(
        base, tf.cast(replica, tf.int32)
    )
