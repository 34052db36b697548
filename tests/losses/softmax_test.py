"""The quick losses of a softmax against TensorFlow's own."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.losses import softmax

ROWS, UNITS, SIZE = 7, 3, 11


def _values(*shape, seed):
    generator = np.random.default_rng(seed)
    return tf.constant(generator.normal(size=shape), tf.float32)


def _logits(states, kernel, bias):
    return tf.matmul(states, kernel, transpose_b=True) + bias


def _cross_entropy(states, kernel, bias, targets):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=targets, logits=_logits(states, kernel, bias)
    )


def _both(states, kernel, bias, targets):
    logs = tf.nn.log_softmax(_logits(states, kernel, bias))
    entropy = -tf.reduce_sum(tf.exp(logs) * logs, axis=-1)
    return _cross_entropy(states, kernel, bias, targets), entropy


@pytest.mark.parametrize("scale", [1.0, 40.0])
@pytest.mark.parametrize(
    "own, other",
    [
        (softmax.cross_entropy, _cross_entropy),
        (softmax.cross_entropy_and_entropy, _both),
    ],
)
def test_losses_and_gradients_are_those_of_tensorflow(own, other, scale):
    states = scale * _values(ROWS, UNITS, seed=0)
    kernel, bias = _values(SIZE, UNITS, seed=1), _values(SIZE, seed=2)
    upstreams = [_values(ROWS, seed=3), _values(ROWS, seed=4)]
    targets = tf.constant([0, 1, 2, 10, 5, 5, 1])
    found = []
    for losses_of in (own, other):
        with tf.GradientTape() as tape:
            tape.watch([states, kernel, bias])
            losses = tf.nest.flatten(losses_of(states, kernel, bias, targets))
            # Each loss of a row counts for something else.
            total = tf.add_n(
                [
                    tf.reduce_sum(loss * upstream)
                    for loss, upstream in zip(losses, upstreams, strict=False)
                ]
            )
        found.append([*losses, *tape.gradient(total, [states, kernel, bias])])
    for mine, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=2e-5 * scale)


def test_entropy_of_known_distributions():
    """A fair choice of four has ln 4 nats, a certain one none."""
    bias = tf.constant([0.0, 0.0, 0.0, 0.0])
    kernel = tf.constant([[40.0], [0.0], [0.0], [0.0]])
    _, entropy = softmax.cross_entropy_and_entropy(
        tf.constant([[0.0], [1.0]]), kernel, bias, tf.constant([0, 0])
    )
    np.testing.assert_allclose(entropy, [np.log(4.0), 0.0], atol=1e-5)


@pytest.mark.parametrize(
    "losses_of", [softmax.cross_entropy, softmax.cross_entropy_and_entropy]
)
def test_a_token_that_cannot_come_has_a_finite_loss_and_gradient(losses_of):
    bias = tf.constant([0.0, -1e9])
    kernel = tf.zeros([2, 1])
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        losses = losses_of(tf.ones([1, 1]), kernel, bias, tf.constant([1]))
    nll, *_ = tf.nest.flatten(losses)
    assert np.isfinite(losses).all() and nll > 1e8
    assert np.isfinite(tape.gradient(losses, kernel)).all()


@pytest.mark.parametrize(
    "losses_of", [softmax.cross_entropy, softmax.cross_entropy_and_entropy]
)
def test_no_rows_have_no_loss(losses_of):
    losses = losses_of(
        tf.zeros([0, UNITS]),
        tf.ones([SIZE, UNITS]),
        tf.zeros([SIZE]),
        tf.zeros([0], tf.int32),
    )
    assert all(loss.shape == [0] for loss in tf.nest.flatten(losses))
