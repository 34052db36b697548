"""Tests that noise differs where it must and repeats with the seed."""

import numpy as np
import tensorflow as tf

from tfstory.systems import replicas


def draw(strategy, seed, stream, step):
    """Returns each replica's numbers."""

    @tf.function
    def noise(step):
        return tf.random.stateless_normal(
            [4], replicas.replica_seed(seed, stream, step)
        )

    values = strategy.run(noise, args=(tf.constant(step, tf.int64),))
    return [v.numpy() for v in strategy.experimental_local_results(values)]


def test_noise_differs_by_replica_step_stream_and_seed(two_replicas):
    drawn = [
        *draw(two_replicas, 1, 0, 5),
        *draw(two_replicas, 1, 0, 6),
        *draw(two_replicas, 1, 1, 5),
        *draw(two_replicas, 2, 0, 5),
    ]
    assert len({tuple(values) for values in drawn}) == 8


def test_noise_repeats(two_replicas):
    np.testing.assert_array_equal(
        draw(two_replicas, 1, 0, 5), draw(two_replicas, 1, 0, 5)
    )


def test_the_first_replica_draws_what_one_device_draws(two_replicas):
    (alone,) = draw(tf.distribute.get_strategy(), 1, 0, 5)
    np.testing.assert_array_equal(draw(two_replicas, 1, 0, 5)[0], alone)
