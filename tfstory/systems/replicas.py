"""Sums and random seeds that come out right on any number of replicas."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import tensorflow as tf


def global_sum(value: tf.Tensor) -> tf.Tensor:
    """Sums a tensor over the replicas; on one device returns it unchanged."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return value
    return context.all_reduce(tf.distribute.ReduceOp.SUM, value)


class Shard(NamedTuple):
    """Where this replica's examples lie in the global batch.

    Attributes:
      first: int32 scalar, place of the first.
      total: int32 scalar, examples of the global batch.
    """

    first: tf.Tensor
    total: tf.Tensor


def shard(count: tf.Tensor) -> Shard:
    """Returns where this replica's `count` examples lie in the global batch."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return Shard(tf.constant(0), count)
    replica = context.replica_id_in_sync_group
    # In float32, which every device can add up.
    counts = global_sum(
        tf.one_hot(replica, context.num_replicas_in_sync)
        * tf.cast(count, tf.float32)
    )
    counts = tf.cast(counts, tf.int32)
    return Shard(
        tf.cumsum(counts, exclusive=True)[replica], tf.reduce_sum(counts)
    )


def drawn(
    draw: Callable[[Sequence, tf.Tensor], tf.Tensor],
    here: Shard,
    count: tf.Tensor,
    shape: Sequence[int],
    seed: tf.Tensor,
) -> tf.Tensor:
    """Draws for the whole global batch, and returns this replica's part.

    Args:
      draw: `tf.random.stateless_normal` or its like.
      here: where this replica's examples lie.
      count: int32 scalar, its examples.
      shape: of one example's numbers.
      seed: int32 `[2]`, the same on all replicas.

    Returns:
      `[count, *shape]`.
    """
    whole = draw([here.total, *shape], seed)
    return whole[here.first : here.first + count]


def gather(values: tf.Tensor) -> tf.Tensor:
    """Returns the values of the whole global batch, on every replica.

    Gradients flow back to the replicas that the values are of.

    Args:
      values: float `[batch, ...]`, this replica's.

    Returns:
      float `[global batch, ...]`, in the replicas' order.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return values
    count = tf.shape(values)[0]
    here = shard(count)
    around = [[here.first, here.total - here.first - count]]
    return global_sum(
        tf.pad(values, around + [[0, 0]] * (values.shape.rank - 1))
    )


class GlobalMean(NamedTuple):
    """This replica's part of a mean over the whole global batch.

    Attributes:
      share: float32 scalar; over the replicas, the shares add up to the mean.
      weight: float32 scalar, the sum of all weights over all replicas.
    """

    share: tf.Tensor
    weight: tf.Tensor


def weighted_mean(
    values: tf.Tensor, weights: tf.Tensor | None = None
) -> GlobalMean:
    """Returns this replica's part of the mean over the whole global batch.

    Keras optimizers sum gradients over replicas, so a loss must be a share
    whose sum over replicas is the mean: exact for unequal shards too. Sums
    are made in float32, since those of many values leave float16's range.

    Args:
      values: float tensor, one loss an entry.
      weights: float tensor of the same shape, or None for all ones. Entries
        of weight 0 (padding) do not count.

    Returns:
      A share of zero where no replica has any weight.
    """
    values = tf.cast(values, tf.float32)
    if weights is None:
        weights = tf.ones_like(values)
    weights = tf.cast(weights, tf.float32)
    total = tf.reduce_sum(values * weights)
    weight = global_sum(tf.stop_gradient(tf.reduce_sum(weights)))
    return GlobalMean(tf.math.divide_no_nan(total, weight), weight)


def global_mean(
    values: tf.Tensor, weights: tf.Tensor | None = None
) -> tf.Tensor:
    """Returns the share alone of `weighted_mean`, float32 scalar."""
    return weighted_mean(values, weights).share


def clip_by_global_norm(
    gradients: Sequence[tf.Tensor], limit: tf.Tensor
) -> list[tf.Tensor]:
    """Scales gradients whose sum over all replicas is too long.

    A Keras optimizer's own clipping looks at each replica's gradients alone,
    and two replicas would not equal one device.

    Args:
      gradients: this replica's, which the optimizer will add up.
      limit: float32 scalar, the largest norm of all gradients together.

    Returns:
      The gradients, all scaled by the same factor of at most 1.
    """
    # The norm of an IndexedSlices would miss that its rows may repeat.
    dense = [tf.convert_to_tensor(gradient) for gradient in gradients]
    norm = tf.linalg.global_norm([global_sum(g) for g in dense])
    factor = tf.minimum(1.0, limit / norm)
    return [gradient * factor for gradient in dense]


def step_seed(seed: int, stream: int, step: tf.Tensor) -> tf.Tensor:
    """Returns a stateless seed that is the same on all replicas.

    For draws of the whole global batch, of which each replica takes its part
    (`shard`): the same as on one device.

    Args:
      seed: as in `replica_seed`.
      stream: as in `replica_seed`.
      step: as in `replica_seed`.

    Returns:
      int32 `[2]`, for `tf.random.stateless_*`.
    """
    return tf.random.experimental.stateless_fold_in(
        tf.constant([seed, stream], tf.int32), tf.cast(step, tf.int32)
    )


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
    return tf.random.experimental.stateless_fold_in(
        step_seed(seed, stream, step), tf.cast(replica, tf.int32)
    )


def next_rows(values: tf.Tensor) -> tf.Tensor:
    """Returns for each row the one after it in the whole global batch.

    The last row's is the first, so that any number of replicas pairs the same
    examples. Gradients do not go through.

    Args:
      values: `[rows, ...]`; replicas may have unequal numbers of rows.

    Returns:
      The same shape and type.
    """
    everything, first = all_rows(values)
    own = tf.range(tf.shape(values)[0])
    rows = (first + own + 1) % tf.maximum(1, tf.shape(everything)[0])
    return tf.gather(everything, rows)


def all_rows(values: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the rows of the whole global batch; see `gather` for gradients.

    Args:
      values: `[rows, ...]` of any type; replicas may have unequal numbers of
        rows.

    Returns:
      All rows, and the place of this replica's first among them.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return values, tf.constant(0)
    first, _ = shard(tf.shape(values)[0])
    return context.all_gather(values, axis=0), first


def update(
    variables: Sequence[tf.Variable],
    change: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
    values: Sequence[tf.Variable],
) -> None:
    """Assigns `change(variable, value)` to each variable, on every replica.

    Call it in a replica context, as `train_step` runs in. Values must be
    variables, the same on all replicas.

    Args:
      variables: to assign to.
      change: old value and `value` to the new value.
      values: one a variable.
    """

    def assign(variable, value):
        variable.assign(change(variable, value))

    def on_all(strategy):
        for variable, value in zip(variables, values, strict=True):
            strategy.extended.update(variable, assign, args=(value,))

    tf.distribute.get_replica_context().merge_call(on_all)
