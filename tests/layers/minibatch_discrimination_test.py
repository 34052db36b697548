"""Minibatch discrimination against distances worked by hand."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.minibatch_discrimination import MinibatchDiscrimination


def _layer(kernels=2, size=1, width=1):
    layer = MinibatchDiscrimination(kernels, size)
    layer.build((None, width))
    return layer


def test_outputs_are_mean_closeness_to_the_others():
    layer = _layer()
    layer.projection.assign([[1.0, 3.0]])
    found = layer(tf.constant([[0.0], [1.0], [3.0]]))
    e = np.exp
    np.testing.assert_allclose(
        found,
        [
            [(e(-1) + e(-3)) / 2, (e(-3) + e(-9)) / 2],
            [(e(-1) + e(-2)) / 2, (e(-3) + e(-6)) / 2],
            [(e(-3) + e(-2)) / 2, (e(-9) + e(-6)) / 2],
        ],
        atol=1e-6,
    )


def test_a_distance_sums_over_the_numbers_of_a_kernel():
    layer = _layer(kernels=1, size=2, width=2)
    layer.projection.assign([[1.0, 0.0], [0.0, 2.0]])
    found = layer(tf.constant([[0.0, 0.0], [1.0, 1.0]]))
    np.testing.assert_allclose(found, [[np.exp(-3)], [np.exp(-3)]], rtol=1e-5)


def test_beside_given_others_a_row_depends_on_no_other():
    layer = _layer()
    others = tf.constant([[0.0], [2.0]])
    rows = tf.constant([[1.0], [5.0]])
    both = layer(rows, others, first=None)
    alone = layer(rows[:1], others, first=None)
    np.testing.assert_allclose(both[:1], alone, rtol=1e-6)
    scale = np.abs(layer.projection.numpy())
    np.testing.assert_allclose(alone, np.exp(-scale), rtol=1e-5)


def test_the_whole_batch_as_others_is_the_batch_itself():
    layer = _layer()
    rows = tf.constant([[0.0], [1.0], [3.0]])
    np.testing.assert_allclose(
        layer(rows[1:], rows, first=1), layer(rows)[1:], rtol=1e-5
    )


def test_a_collapsed_batch_is_told_from_a_spread_one():
    layer = _layer()
    spread = layer(tf.linspace([-2.0], [2.0], 9))
    assert np.all(layer(tf.zeros([9, 1])).numpy() == 1.0)
    assert np.all(spread.numpy() < 1.0)


def test_one_example_has_no_other():
    assert np.all(_layer()(tf.ones([1, 1])).numpy() == 0.0)


def test_gradients_reach_the_features_and_the_projection():
    layer = _layer()
    features = tf.Variable([[0.0], [1.0], [3.0]])
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(features))
    gradients = tape.gradient(
        total, [features, layer.trainable_variables[0].value]
    )
    assert all(np.any(g.numpy() != 0) for g in gradients)


def test_an_example_that_differs_from_itself_by_rounding_takes_no_gradient():
    """As one half of a batch may, projected beside the whole of it."""
    layer = _layer()
    whole = tf.constant([[0.0], [1.0], [3.0]])

    def gradient(others):
        half = tf.Variable(whole[1:])
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(layer(half, others, first=1))
        return tape.gradient(total, half)

    for rounding in (-1e-6, 1e-6):
        np.testing.assert_allclose(
            gradient(whole + rounding), gradient(whole), atol=1e-5
        )


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_graph_of_half_precision(dtype):
    layer = MinibatchDiscrimination(2, 3, dtype=f"mixed_{dtype}")
    layer.build((None, 4))
    features = tf.random.stateless_normal([5, 4], [0, 0])
    found = tf.function(layer)(features)
    assert found.dtype == dtype
    exact = MinibatchDiscrimination(2, 3)
    exact.build((None, 4))
    exact.projection.assign(layer.projection)
    np.testing.assert_allclose(
        tf.cast(found, tf.float32), exact(features), atol=0.03
    )
