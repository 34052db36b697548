"""The highway layer by NumPy, and at its two ends."""

import keras
import numpy as np
import tensorflow as tf

from tfstory.layers.highway import Highway


def _weights(gate_bias=0.0):
    generator = np.random.default_rng(0)
    kernel, gate_kernel = generator.normal(size=[2, 3, 3]).astype(np.float32)
    bias = generator.normal(size=[3]).astype(np.float32)
    return kernel, bias, gate_kernel, np.full([3], gate_bias, np.float32)


def _layer(weights):
    layer = Highway()
    layer.build((None, 3))
    layer.set_weights(weights)
    return layer


def test_follows_the_equation():
    weights = kernel, bias, gate_kernel, gate_bias = _weights(0.5)
    x = np.random.default_rng(1).normal(size=[2, 4, 3]).astype(np.float32)
    gate = 1 / (1 + np.exp(-(x @ gate_kernel + gate_bias)))
    transformed = np.maximum(x @ kernel + bias, 0)
    np.testing.assert_allclose(
        _layer(weights)(x), gate * transformed + (1 - gate) * x, atol=1e-5
    )


def test_a_closed_gate_carries_and_an_open_one_transforms():
    x = np.random.default_rng(1).normal(size=[4, 3]).astype(np.float32)
    np.testing.assert_allclose(_layer(_weights(-50.0))(x), x, atol=1e-6)
    kernel, bias, _, _ = weights = _weights(50.0)
    np.testing.assert_allclose(
        _layer(weights)(x), np.maximum(x @ kernel + bias, 0), atol=1e-5
    )


def test_gradients_reach_all_weights():
    keras.utils.set_random_seed(0)
    layer = Highway()
    x = tf.random.stateless_normal([8, 3], [1, 2])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) ** 2)
    gradients = tape.gradient(loss, layer.trainable_weights)
    assert len(gradients) == 4
    assert all(np.any(gradient != 0) for gradient in gradients)
