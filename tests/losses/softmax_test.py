"""The quick cross-entropy against TensorFlow's own."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.losses import softmax

ROWS, UNITS, SIZE = 7, 3, 11


def _values(*shape, seed):
    generator = np.random.default_rng(seed)
    return tf.constant(generator.normal(size=shape), tf.float32)


@pytest.mark.parametrize("scale", [1.0, 40.0])
def test_losses_and_gradients_are_those_of_tensorflow(scale):
    states = scale * _values(ROWS, UNITS, seed=0)
    kernel, bias = _values(SIZE, UNITS, seed=1), _values(SIZE, seed=2)
    upstream = _values(ROWS, seed=3)
    targets = tf.constant([0, 1, 2, 10, 5, 5, 1])
    found = []
    for cross_entropy in (softmax.cross_entropy, _of_tensorflow):
        with tf.GradientTape() as tape:
            tape.watch([states, kernel, bias])
            losses = cross_entropy(states, kernel, bias, targets)
            total = tf.reduce_sum(losses * upstream)
        found.append([losses, *tape.gradient(total, [states, kernel, bias])])
    for own, other in zip(*found, strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-5, atol=2e-5 * scale)


def _of_tensorflow(states, kernel, bias, targets):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=targets,
        logits=tf.matmul(states, kernel, transpose_b=True) + bias,
    )


def test_a_token_that_cannot_come_has_a_finite_loss_and_gradient():
    bias = tf.constant([0.0, -1e9])
    kernel = tf.zeros([2, 1])
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        loss = softmax.cross_entropy(
            tf.ones([1, 1]), kernel, bias, tf.constant([1])
        )
    assert np.isfinite(loss) and loss > 1e8
    assert np.isfinite(tape.gradient(loss, kernel)).all()


def test_no_rows_have_no_loss():
    losses = softmax.cross_entropy(
        tf.zeros([0, UNITS]),
        tf.ones([SIZE, UNITS]),
        tf.zeros([SIZE]),
        tf.zeros([0], tf.int32),
    )
    assert losses.shape == [0]
