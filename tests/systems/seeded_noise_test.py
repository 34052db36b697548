"""Noise by each row's own seed."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.seeded_noise import normals


def test_noise_depends_on_its_own_seed_alone():
    seeds = tf.constant([[7, 0], [7, 1], [8, 0]], tf.int64)
    noise = normals(seeds, 5000)
    np.testing.assert_array_equal(normals(seeds[1:], 5000), noise[1:])
    assert abs(np.corrcoef(noise)[0, 1]) < 0.1
    assert np.mean(noise) == pytest.approx(0.0, abs=0.05)
    assert np.std(noise) == pytest.approx(1.0, abs=0.05)


def test_values_stay_what_they_are():
    """Exports and recorded pictures were made from them: TensorFlow's own."""
    seed = tf.constant([-3, 2], tf.int64)
    expected = tf.random.stateless_normal([4], seed, alg="philox")
    np.testing.assert_array_equal(normals(seed[tf.newaxis], 4)[0], expected)


def test_no_seed_has_no_noise():
    none = tf.zeros([0, 2], tf.int64)
    assert normals(none, 4).shape == tf.function(normals)(none, 4).shape
    assert normals(none, 4).shape == [0, 4]
