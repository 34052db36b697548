"""One vector a sentence."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers import pooling


def test_the_mean_is_over_the_places_that_count():
    values = np.random.default_rng(1).normal(size=[3, 4, 5]).astype(np.float32)
    # What does not count may be anything finite.
    values[0, 3] = 1e6
    mask = np.array([[1, 1, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0]], bool)
    with tf.GradientTape() as tape:
        held = tf.constant(values)
        tape.watch(held)
        mean = pooling.masked_mean(held, tf.constant(mask))
    expected = [
        values[0, :3].mean(0),
        values[1, [1, 3]].mean(0),
        np.zeros(5),
    ]
    np.testing.assert_allclose(mean, expected, atol=1e-6)
    # Each place has its share of the mean, the others have none.
    shares = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1)
    np.testing.assert_allclose(
        tape.gradient(mean, held),
        np.repeat(shares[..., np.newaxis], 5, axis=-1),
        atol=1e-6,
    )


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_sums_are_taken_in_float32(dtype):
    values = tf.fill([1, 4096, 1], tf.constant(1.001, dtype))
    mean = pooling.masked_mean(values, tf.ones([1, 4096], tf.bool))
    assert mean.dtype == tf.float32
    expected = tf.cast(values[:, 0], tf.float32)
    np.testing.assert_allclose(mean, expected, rtol=1e-5)
