"""Convolutions of batches of none and of some."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.empty_batches import convolved


def _graph(layer):
    """As in training: the number of examples is not known beforehand."""

    @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3])])
    def learn(x):
        with tf.GradientTape() as tape:
            y = convolved(layer, x)
            loss = tf.reduce_sum(tf.square(y))
        return y, tape.gradient(loss, layer.trainable_variables)

    return learn


@pytest.mark.parametrize(
    "layer",
    [
        keras.layers.Conv2D(5, 4, strides=2, padding="same"),
        keras.layers.Conv2D(5, 3, padding="same"),
        keras.layers.Conv2DTranspose(5, 4, strides=2, padding="same"),
    ],
)
def test_none_gives_none_and_teaches_nothing(layer):
    layer.build([None, 8, 8, 3])
    learn = _graph(layer)
    # A bias that a row of zeros would show.
    layer.bias.assign(tf.ones([5]))
    some, _ = learn(tf.ones([2, 8, 8, 3]))
    none, gradients = learn(tf.zeros([0, 8, 8, 3]))
    assert none.shape == [0, *some.shape[1:]]
    for gradient in gradients:
        np.testing.assert_array_equal(gradient, 0.0)


def test_some_are_convolved_as_ever():
    layer = keras.layers.Conv2D(5, 4, strides=2, padding="same")
    x = tf.random.stateless_normal([3, 8, 8, 3], [1, 2])
    layer.build(x.shape)
    found, gradients = _graph(layer)(x)
    with tf.GradientTape() as tape:
        expected = layer(x)
        loss = tf.reduce_sum(tf.square(expected))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    for gradient, value in zip(
        gradients, tape.gradient(loss, layer.trainable_variables), strict=True
    ):
        np.testing.assert_allclose(gradient, value, rtol=1e-4, atol=1e-5)


def test_shapes_but_the_first_stay_known():
    layer = keras.layers.Conv2D(5, 3, padding="same")
    layer.build([None, 8, 8, 3])
    found, _ = _graph(layer).get_concrete_function().structured_outputs
    assert found.shape.as_list() == [None, 8, 8, 5]
