"""Spectral normalisation: norms by NumPy, gradients, replicas."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.spectral import SpectralConv2D, SpectralDense


def _dense(seed=0):
    tf.keras.utils.set_random_seed(seed)
    layer = SpectralDense(4)
    layer.build((None, 6))
    layer.kernel.assign(5.0 * layer.kernel)
    return layer


def _layers():
    convolution = SpectralConv2D(5, 3)
    convolution.build((None, 8, 8, 2))
    return [_dense(), convolution]


def _matrix(kernel):
    return np.reshape(kernel, [-1, kernel.shape[-1]])


@pytest.mark.parametrize("index", [0, 1])
def test_the_largest_singular_value_becomes_1(index):
    layer = _layers()[index]
    before = layer.kernel.numpy()
    for _ in range(100):
        layer.update()
    kernel = layer.normalized_kernel()
    assert np.linalg.norm(_matrix(kernel), 2) == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_array_equal(layer.kernel.numpy(), before)
    largest = np.linalg.norm(_matrix(before), 2)
    np.testing.assert_allclose(kernel, before / largest, rtol=1e-3)


def test_the_first_norm_is_nearly_right():
    for layer in _layers():
        kernel = _matrix(layer.normalized_kernel())
        assert np.linalg.norm(kernel, 2) == pytest.approx(1.0, abs=0.1)


def test_outputs_use_the_normalised_kernel():
    for layer, shape in zip(_layers(), [(2, 6), (2, 8, 8, 2)], strict=True):
        layer.bias.assign(tf.ones_like(layer.bias))
        x = np.random.default_rng(0).normal(size=shape).astype("float32")
        kernel = layer.normalized_kernel().numpy()
        if len(shape) == 2:
            expected = x @ kernel + 1.0
        else:
            expected = tf.nn.conv2d(x, kernel, 1, "VALID") + 1.0
        np.testing.assert_allclose(layer(x), expected, atol=1e-5)


def test_the_gradient_sees_the_norm():
    """Equation 11: no gradient makes the kernel longer or shorter."""
    layer = _dense()
    for _ in range(200):
        layer.update()
    x = np.random.default_rng(1).normal(size=(3, 6)).astype("float32")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(layer(x)))
    gradient = tape.gradient(loss, layer.kernel.value)
    assert np.abs(gradient).max() > 0.01
    along = np.sum(gradient * layer.kernel.numpy())
    size = np.linalg.norm(gradient) * np.linalg.norm(layer.kernel)
    assert abs(along) < 1e-3 * size


def test_a_call_changes_nothing():
    layer = _dense()
    before = [w.numpy() for w in layer.weights]
    layer(np.ones((1, 6), "float32"))
    for weight, value in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)


def test_replicas_keep_one_direction(two_replicas):
    one = _dense()
    with two_replicas.scope():
        two = _dense()
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
