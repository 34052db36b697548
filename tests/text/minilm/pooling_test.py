"""One vector a sentence."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.text.minilm import pooling

IDS = tf.constant([[2, 7, 3, 0], [2, 3, 0, 0], [0, 0, 0, 0]])
STATES = np.random.default_rng(1).normal(size=[3, 4, 5]).astype(np.float32)


def test_mean_is_that_of_the_tokens():
    mean = pooling.mean_pool(tf.constant(STATES), IDS)
    expected = [STATES[0, :3].mean(0), STATES[1, :2].mean(0), np.zeros(5)]
    np.testing.assert_allclose(mean, expected, atol=1e-6)


def test_normalized_vectors_have_length_one():
    states = tf.constant(STATES)
    vectors = pooling.mean_pool(states, IDS, normalize=True)
    lengths = np.linalg.norm(vectors, axis=1)
    np.testing.assert_allclose(lengths, [1.0, 1.0, 0.0], atol=1e-6)
    mean = pooling.mean_pool(states, IDS).numpy()
    np.testing.assert_allclose(
        vectors * np.linalg.norm(mean, axis=1, keepdims=True), mean, atol=1e-6
    )


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_sums_are_taken_in_float32(dtype):
    states = tf.fill([1, 4096, 1], tf.constant(1.001, dtype))
    mean = pooling.mean_pool(states, tf.ones([1, 4096], tf.int32))
    assert mean.dtype == tf.float32
    expected = tf.cast(states[:, 0], tf.float32)
    np.testing.assert_allclose(mean, expected, rtol=1e-5)
