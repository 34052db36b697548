"""Tests the means of losses over batches that hold unequal amounts."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems import replicas
from tfstory.systems.stage import Stage

WEIGHTS = {"words": 1.0, "pixels": 5.0}
# Of each batch and replica: the losses of its words and of its pixels.
BATCHES = [
    [([1.0, 2.0, 3.0], [0.5, 0.25]), ([5.0], [1.0, 2.0])],
    [([7.0], [4.0]), ([], [])],
]


def _means(batches):
    """Returns each part's mean over all of its entries, and the whole."""
    parts = {
        name: np.mean([v for b in batches for r in b for v in r[index]])
        for index, name in enumerate(WEIGHTS)
    }
    return {"loss": sum(WEIGHTS[n] * parts[n] for n in parts), **parts}


def _parts(words, pixels):
    return {
        "words": replicas.weighted_mean(words),
        "pixels": replicas.weighted_mean(pixels),
    }


def test_a_batch_counts_for_what_it_holds():
    stage = Stage("stage", 0, {}, WEIGHTS)
    for batch in BATCHES:
        joined = [sum((r[i] for r in batch), []) for i in (0, 1)]
        parts = _parts(*map(tf.constant, joined))
        found = stage.update_losses(parts)
        share = float(stage.loss_share(parts))
        assert share == pytest.approx(_means([batch])["loss"])
    assert {k: float(v) for k, v in found.items()} == pytest.approx(
        _means(BATCHES)
    )


def test_a_step_may_leave_parts_out():
    """A part is the mean over the steps that have it; 0 before any."""
    stage = Stage("stage", 0, {}, WEIGHTS)
    words, pixels = BATCHES[0][0]
    parts = _parts(tf.constant(words), tf.constant(pixels))
    found = stage.update_losses({"words": parts["words"]})
    assert {k: float(v) for k, v in found.items()} == {
        "loss": 2.0,
        "words": 2.0,
        "pixels": 0.0,
    }
    found = stage.update_losses({"pixels": parts["pixels"]})
    assert {k: float(v) for k, v in found.items()} == {
        "loss": 2.0 + 5.0 * 0.375,
        "words": 2.0,
        "pixels": 0.375,
    }


def test_replicas_come_to_the_same_means(two_replicas):
    with two_replicas.scope():
        stage = Stage("stage", 0, {}, WEIGHTS)

    @tf.function
    def update(words, pixels):
        def on_replica(words, pixels):
            parts = _parts(words, pixels)
            return stage.update_losses(parts), stage.loss_share(parts)

        return two_replicas.run(on_replica, args=(words, pixels))

    for batch in BATCHES:
        place = two_replicas.experimental_distribute_values_from_function
        values = [
            place(
                lambda context, batch=batch, kind=kind: tf.constant(
                    batch[context.replica_id_in_sync_group][kind], tf.float32
                )
            )
            for kind in (0, 1)
        ]
        means, shares = update(*values)
        whole = two_replicas.reduce("SUM", shares, axis=None)
        assert float(whole) == pytest.approx(_means([batch])["loss"])
    for name, expected in _means(BATCHES).items():
        for value in two_replicas.experimental_local_results(means[name]):
            assert float(value) == pytest.approx(expected)


def test_a_loss_of_one_part_is_named_once():
    stage = Stage("stage", 0, {}, {"error": 2.0})
    part = replicas.weighted_mean(tf.constant([1.0, 2.0]))
    found = stage.update_losses({"error": part})
    assert {k: float(v) for k, v in found.items()} == {"loss": 3.0}
