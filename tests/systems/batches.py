"""The same batches on one device and in uneven parts on two."""

from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.stage import Stage

# A prepared batch, name to tensor `[batch, ...]`, and how many examples of it
# the first of two replicas gets.
Part = tuple[Mapping[str, tf.Tensor], int]


def dataset(strategy: tf.distribute.Strategy, parts: Sequence[Part]):
    """Returns a dataset of a batch a step.

    Args:
      strategy: for one device, or for two replicas.
      parts: of equal shapes but for the number of examples.
    """
    batch, _ = parts[0]
    signature = {
        name: tf.TensorSpec([None, *value.shape[1:]], value.dtype)
        for name, value in batch.items()
    }

    def generated(batches):
        return tf.data.Dataset.from_generator(
            lambda: iter(batches), output_signature=signature
        )

    if strategy.num_replicas_in_sync == 1:
        return generated([batch for batch, _ in parts])
    shards = [shard for part in parts for shard in _shards(*part)]
    return strategy.distribute_datasets_from_function(
        lambda _: generated(shards)
    )


def fit(
    stage: Stage,
    strategy: tf.distribute.Strategy,
    parts: Sequence[Part],
    graph: bool = True,
    **arguments,
) -> dict[str, list[float]]:
    """Trains a stage for an epoch; returns its metrics.

    Replicas run a graph, as in use. One device, which they shall equal, takes
    each step as it is written: to make its graph would take as long as many
    steps.

    Args:
      stage: Stage, made under `strategy`.
      strategy, parts: as in `dataset`.
      graph: bool, False to have replicas, too, take steps as they are
        written: for what another test of the system has as a graph.
      **arguments: of `Stage.fit`.
    """
    stage.run_eagerly = not graph or strategy.num_replicas_in_sync == 1
    return stage.fit(
        dataset(strategy, parts),
        steps_per_epoch=len(parts),
        shuffle=False,
        verbose=0,
        **arguments,
    ).history


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
        last = two_replicas.experimental_local_results(theirs.value)[-1]
        np.testing.assert_allclose(
            last.numpy(), mine.numpy(), atol=3e-5, err_msg=mine.path
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
            # All replicas show the same: of what is no sum, the last is seen.
            shown[kind + name] = float(
                strategy.experimental_local_results(value)[-1]
            )
    return shown


def _shards(batch, first):
    return [
        {name: value[part] for name, value in batch.items()}
        for part in (slice(0, first), slice(first, None))
    ]
