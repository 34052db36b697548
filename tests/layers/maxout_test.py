"""The maxout layer by hand."""

import keras
import numpy as np
import tensorflow as tf

from tfstory.layers.maxout import Maxout


def _by_hand():
    layer = Maxout(2, 2)
    layer.build((None, 1))
    # Unit 1: max(x, -x); unit 2: max(2x + 1, 0).
    layer.set_weights([np.array([[1.0, -1.0, 2.0, 0.0]]),
                       np.array([0.0, 0.0, 1.0, 0.0])])  # fmt: skip
    return layer


def test_takes_the_largest_piece():
    x = tf.constant([[3.0], [-3.0], [-0.25]])
    np.testing.assert_allclose(
        _by_hand()(x), [[3.0, 7.0], [3.0, 0.0], [0.25, 0.5]]
    )


def test_the_gradient_goes_through_the_largest_piece():
    x = tf.constant([[3.0], [-3.0]])
    layer = _by_hand()
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    np.testing.assert_allclose(tape.gradient(total, x), [[3.0], [-1.0]])


def test_shapes_are_known_before_any_data():
    layer = Maxout(5, 3)
    assert layer(keras.Input((7, 4))).shape == (None, 7, 5)
    assert [w.shape for w in layer.weights] == [(4, 15), (15,)]
