"""The same batches on one device and in uneven parts on two."""

from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.stage import Stage


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
    shards = _shards(batch, first)
    signature = {
        name: tf.TensorSpec([None, *value.shape[1:]], value.dtype)
        for name, value in batch.items()
    }
    return strategy.distribute_datasets_from_function(
        lambda _: tf.data.Dataset.from_generator(
            lambda: iter(shards * steps), output_signature=signature
        )
    )


def check_a_replica_of_none(
    make: Callable[
        [tf.distribute.Strategy], tuple[Stage, Sequence[keras.Variable]]
    ],
    two_replicas: tf.distribute.Strategy,
    batch: Mapping[str, tf.Tensor],
) -> None:
    """Asserts that shards of 1 and 0 give what one device gives.

    A step of training and one of validation, op by op: to trace the graphs of
    two replicas takes far longer than both.

    Args:
      make: strategy to a new stage, and the weights that it shall leave.
      two_replicas: the strategy.
      batch: prepared batch of one example.
    """
    one_device = tf.distribute.get_strategy()
    stage, expected = make(one_device)
    losses = _stepped(stage, one_device, [batch])
    stage, weights = make(two_replicas)
    assert _stepped(stage, two_replicas, _shards(batch, 1)) == pytest.approx(
        losses, rel=1e-4, abs=1e-6
    )
    for mine, theirs in zip(expected, weights, strict=True):
        np.testing.assert_allclose(
            theirs.numpy(), mine.numpy(), atol=3e-5, err_msg=mine.path
        )


def _stepped(stage, strategy, shards):
    """Returns what a step of each kind shows."""
    values = {
        name: strategy.experimental_distribute_values_from_function(
            lambda context, name=name: shards[context.replica_id_in_sync_group][
                name
            ]
        )
        for name in shards[0]
    }
    shown = {}
    for kind, step in (("", stage.train_step), ("val_", stage.test_step)):
        stage.reset_metrics()
        for name, value in strategy.run(step, (values,)).items():
            first, *_ = strategy.experimental_local_results(value)
            shown[kind + name] = float(first)
    return shown


def _shards(batch, first):
    return [
        {name: value[part] for name, value in batch.items()}
        for part in (slice(0, first), slice(first, None))
    ]
