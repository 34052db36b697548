"""Averages of weights on one device and on two."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems import moving_average


def _network(value):
    network = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1), keras.layers.Dense(1)]
    )
    network.set_weights([np.full_like(w, value) for w in network.get_weights()])
    return network


@pytest.mark.parametrize("replicas", [1, 2])
def test_every_weight_moves_on_every_replica(replicas, two_replicas):
    strategy = two_replicas if replicas == 2 else tf.distribute.get_strategy()
    with strategy.scope():
        average, network = _network(1.0), _network(3.0)

    def step():
        moving_average.update([average], [network], 0.75)

    tf.function(lambda: strategy.run(step))()
    assert len(average.weights) == 4
    for weight in average.weights:
        for local in strategy.experimental_local_results(weight.value):
            # 0.75 * 1 + 0.25 * 3
            np.testing.assert_allclose(local, 1.5)
    for weight in network.weights:
        np.testing.assert_array_equal(weight, 3.0)


def test_a_decay_that_grows_begins_small():
    found = [
        float(moving_average.growing_decay(0.9, tf.constant(steps)))
        for steps in (0, 8, 1_000)
    ]
    np.testing.assert_allclose(found, [0.1, 0.5, 0.9], rtol=1e-6)
