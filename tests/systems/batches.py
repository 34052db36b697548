"""The same batches on one device and in uneven parts on two."""

from collections.abc import Mapping

import tensorflow as tf


def repeated(
    strategy: tf.distribute.Strategy,
    batch: Mapping[str, tf.Tensor],
    first: int,
    steps: int,
):
    """Returns a dataset that gives a prepared batch in every step.

    Args:
      strategy: for one device, or for two replicas.
      batch: name to tensor `[batch, ...]`.
      first: int, examples that the first of two replicas gets.
      steps: int.
    """
    if strategy.num_replicas_in_sync == 1:
        return tf.data.Dataset.from_tensors(batch).repeat(steps)
    shards = [
        {name: value[part] for name, value in batch.items()}
        for part in (slice(0, first), slice(first, None))
    ]
    signature = {
        name: tf.TensorSpec([None, *value.shape[1:]], value.dtype)
        for name, value in batch.items()
    }
    return strategy.distribute_datasets_from_function(
        lambda _: tf.data.Dataset.from_generator(
            lambda: iter(shards * steps), output_signature=signature
        )
    )
