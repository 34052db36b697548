"""Spectral normalisation against the singular values, and on replicas."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.spectral_normalization import SpectralNormalization


def _dense(units=4):
    keras.utils.set_random_seed(3)
    layer = SpectralNormalization(keras.layers.Dense(units, use_bias=False))
    layer.build([None, 3])
    return layer


def _settle(layer, inputs, steps=100):
    for _ in range(steps):
        layer(inputs, training=True)


@pytest.mark.parametrize(
    ("inner", "shape"),
    [
        (keras.layers.Dense(4, use_bias=False), [2, 3]),
        (keras.layers.Conv2D(4, 3, use_bias=False), [2, 5, 5, 3]),
    ],
)
def test_divides_by_the_largest_singular_value(inner, shape):
    keras.utils.set_random_seed(0)
    layer = SpectralNormalization(inner)
    inputs = tf.random.stateless_normal(shape, [0, 0])
    layer(inputs)
    kernel = 7.0 * inner.kernel.numpy()
    inner.kernel.assign(kernel)
    _settle(layer, inputs)
    largest = np.linalg.svd(kernel.reshape([-1, 4]))[1][0]
    np.testing.assert_allclose(
        layer(inputs), inner(inputs) / largest, rtol=1e-4, atol=1e-5
    )
    np.testing.assert_array_equal(inner.kernel, kernel)


def test_gradient_equals_finite_differences():
    layer = _dense()
    inputs = tf.random.stateless_normal([2, 3], [0, 0])
    _settle(layer, inputs)
    kernel = layer.layer.kernel
    start = kernel.numpy()

    def loss():
        return tf.reduce_sum(tf.sin(layer(inputs)))

    with tf.GradientTape() as tape:
        value = loss()
    gradient = tape.gradient(value, kernel.value)
    for index in np.ndindex(3, 4):
        step = np.zeros_like(start)
        step[index] = 1e-2
        values = []
        for sign in (1, -1):
            kernel.assign(start + sign * step)
            _settle(layer, inputs, 30)
            values.append(float(loss()))
        slope = (values[0] - values[1]) / 2e-2
        assert float(gradient[index]) == pytest.approx(slope, abs=2e-3)


def test_only_training_moves_the_estimate():
    layer = _dense()
    inputs = tf.ones([1, 3])
    layer(inputs)
    before = layer.direction.numpy()
    layer(inputs)
    np.testing.assert_array_equal(layer.direction, before)
    layer(inputs, training=True)
    assert not np.array_equal(layer.direction, before)


def test_two_replicas_keep_one_estimate(two_replicas):
    one = _dense()
    with two_replicas.scope():
        two = _dense()
    inputs = tf.random.stateless_normal([2, 3], [0, 0])
    one(inputs, training=True)
    two_replicas.run(tf.function(lambda: two(inputs, training=True)))
    values = two_replicas.experimental_local_results(two.direction.value)
    assert len(values) == 2
    for value in values:
        np.testing.assert_allclose(value, one.direction, atol=1e-6)


def test_a_layer_with_a_bias_is_refused():
    with pytest.raises(ValueError, match="use_bias=False"):
        SpectralNormalization(keras.layers.Dense(2))


def _convolution(scale=5.0):
    keras.utils.set_random_seed(0)
    layer = SpectralNormalization(keras.layers.Conv2D(5, 3, use_bias=False))
    layer.build((None, 8, 8, 2))
    layer.layer.kernel.assign(scale * layer.layer.kernel)
    return layer


def _normalized(layer):
    return layer.layer.kernel.numpy() / layer.norm()


def _pictures(seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(2, 8, 8, 2)).astype("float32")


def _matrix(kernel):
    return np.reshape(kernel, [-1, kernel.shape[-1]])


def test_the_largest_singular_value_becomes_1():
    layer = _convolution()
    before = layer.layer.kernel.numpy()
    layer.settle()
    for _ in range(100):
        layer.update()
    kernel = _normalized(layer)
    assert np.linalg.norm(_matrix(kernel), 2) == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_array_equal(layer.layer.kernel.numpy(), before)
    largest = np.linalg.norm(_matrix(before), 2)
    np.testing.assert_allclose(kernel, before / largest, rtol=1e-3)


def test_a_settled_norm_is_nearly_right():
    layer = _convolution()
    layer.settle()
    kernel = _matrix(_normalized(layer))
    assert np.linalg.norm(kernel, 2) == pytest.approx(1.0, abs=0.05)


def test_outputs_use_the_normalised_kernel():
    layer = _convolution()
    layer.bias.assign(tf.ones_like(layer.bias))
    kernel = _normalized(layer)
    expected = tf.nn.conv2d(_pictures(), kernel, 1, "VALID") + 1.0
    np.testing.assert_allclose(layer(_pictures()), expected, atol=1e-5)


def test_the_gradient_sees_the_norm():
    """Equation 11: no gradient makes the kernel longer or shorter."""
    layer = _convolution()
    for _ in range(200):
        layer.update()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(layer(_pictures(1))))
    gradient = tape.gradient(loss, layer.layer.kernel.value)
    assert np.abs(gradient).max() > 0.01
    along = np.sum(gradient * layer.layer.kernel.numpy())
    size = np.linalg.norm(gradient) * np.linalg.norm(layer.layer.kernel)
    assert abs(along) < 1e-3 * size


def test_a_call_changes_nothing():
    layer = _convolution()
    before = [w.numpy() for w in layer.weights]
    layer(_pictures())
    for weight, value in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)


def test_replicas_keep_one_direction(two_replicas):
    one = _convolution()
    with two_replicas.scope():
        two = _convolution()
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
