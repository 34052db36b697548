"""The energy distance against cases worked by hand, and what it tells."""

import numpy as np
import tensorflow as tf

from tfstory.metrics.energy import energy_terms


def test_by_hand():
    generated = tf.constant([[0.0, 3.0]])
    others = tf.constant([[0.0, 1.0]])
    real = tf.constant([[1.0, 0.0]])
    references = tf.constant([[0.0, 0.0], [4.0, 0.0]])
    # 2 (3 + 5) / 2 - 2 - (1 + 3) / 2.
    terms = energy_terms(generated, others, real, references)
    np.testing.assert_allclose(terms, [4.0], rtol=1e-6)


def test_0_for_one_distribution_and_more_for_the_mean_alone():
    generator = np.random.default_rng(0)
    size = (4000, 8)
    sets = [
        tf.constant(generator.normal(size=size), tf.float32) for _ in range(4)
    ]
    same = np.mean(energy_terms(*sets))
    assert abs(same) < 0.05
    mean = tf.zeros(size)
    collapsed = np.mean(energy_terms(mean, mean, *sets[2:]))
    # 2 E|x| - E|x - x'|: means of the chi distribution of 8 degrees.
    chi = np.sqrt(2) * 11.6317 / 6
    np.testing.assert_allclose(collapsed, 2 * chi - np.sqrt(2) * chi, rtol=0.03)


def test_equal_features_have_no_distance_below_0():
    same = tf.fill([3, 4], 0.1)
    np.testing.assert_allclose(
        energy_terms(same, same, same, same), np.zeros(3), atol=1e-3
    )
