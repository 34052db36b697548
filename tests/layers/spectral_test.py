"""Spectral normalisation: norms by NumPy, gradients, replicas."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.spectral import SpectralConv2D


def _layer(scale=5.0):
    keras.utils.set_random_seed(0)
    layer = SpectralConv2D(5, 3)
    layer.build((None, 8, 8, 2))
    layer.kernel.assign(scale * layer.kernel)
    return layer


def _input(seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(2, 8, 8, 2)).astype("float32")


def _matrix(kernel):
    return np.reshape(kernel, [-1, kernel.shape[-1]])


def test_the_largest_singular_value_becomes_1():
    layer = _layer()
    before = layer.kernel.numpy()
    layer.settle()
    for _ in range(100):
        layer.update()
    kernel = layer.normalized_kernel()
    assert np.linalg.norm(_matrix(kernel), 2) == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_array_equal(layer.kernel.numpy(), before)
    largest = np.linalg.norm(_matrix(before), 2)
    np.testing.assert_allclose(kernel, before / largest, rtol=1e-3)


def test_a_settled_norm_is_nearly_right():
    layer = _layer()
    layer.settle()
    kernel = _matrix(layer.normalized_kernel())
    assert np.linalg.norm(kernel, 2) == pytest.approx(1.0, abs=0.05)


def test_outputs_use_the_normalised_kernel():
    layer = _layer()
    layer.bias.assign(tf.ones_like(layer.bias))
    kernel = layer.normalized_kernel()
    expected = tf.nn.conv2d(_input(), kernel, 1, "VALID") + 1.0
    np.testing.assert_allclose(layer(_input()), expected, atol=1e-5)


def test_the_gradient_sees_the_norm():
    """Equation 11: no gradient makes the kernel longer or shorter."""
    layer = _layer()
    for _ in range(200):
        layer.update()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(layer(_input(1))))
    gradient = tape.gradient(loss, layer.kernel.value)
    assert np.abs(gradient).max() > 0.01
    along = np.sum(gradient * layer.kernel.numpy())
    size = np.linalg.norm(gradient) * np.linalg.norm(layer.kernel)
    assert abs(along) < 1e-3 * size


def test_a_call_changes_nothing():
    layer = _layer()
    before = [w.numpy() for w in layer.weights]
    layer(_input())
    for weight, value in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)


def test_replicas_keep_one_direction(two_replicas):
    one = _layer()
    with two_replicas.scope():
        two = _layer()
    two.set_weights(one.get_weights())

    @tf.function
    def step():
        two_replicas.run(two.update)

    for _ in range(3):
        one.update()
        step()
    np.testing.assert_allclose(
        two.get_weights()[-1], one.get_weights()[-1], atol=1e-6
    )
