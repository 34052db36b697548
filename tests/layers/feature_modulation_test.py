"""Tests of feature-wise linear modulation."""

import numpy as np
import tensorflow as tf

from tfstory.layers.feature_modulation import FeatureModulation


def test_channels_are_scaled_and_shifted_by_the_vector():
    layer = FeatureModulation(2)
    features = tf.reshape(tf.range(8.0), [2, 1, 2, 2])
    vector = tf.constant([[1.0], [-2.0]])
    layer(features, vector)
    # Two scales, then two shifts.
    layer.set_weights(
        [np.array([[0.5, -1.0, 3.0, 0.25]]), np.array([0.0, 0.0, 1.0, 0.0])]
    )
    expected = np.stack(
        [
            features[0] * [1.5, 0.0] + [4.0, 0.25],
            features[1] * [0.0, 3.0] + [-5.0, -0.5],
        ]
    )
    np.testing.assert_allclose(layer(features, vector), expected, rtol=1e-6)


def test_it_begins_near_the_identity():
    tf.keras.utils.set_random_seed(0)
    features = tf.ones([2, 3, 3, 4])
    modulated = FeatureModulation(4)(features, tf.ones([2, 16]))
    np.testing.assert_allclose(modulated, features, atol=0.4)
