"""Per-example sums over pixels."""

import numpy as np
import tensorflow as tf

from tfstory.metrics import pictures


def test_absolute_error_is_summed_per_example():
    target = np.zeros([2, 2, 2, 3], np.float32)
    predicted = target.copy()
    predicted[0, 0, 0] = [0.25, -0.5, 0]
    predicted[1] = 1
    np.testing.assert_allclose(
        pictures.absolute_error(predicted, target), [0.75, 12]
    )


def test_a_mean_picture_goes_with_every_target():
    target = np.stack([np.zeros([2, 2, 3]), np.ones([2, 2, 3])])
    mean = np.full([1, 2, 2, 3], 0.25)
    np.testing.assert_allclose(
        pictures.absolute_error(mean, target), [3.0, 9.0]
    )


def test_half_precision_is_summed_in_float32():
    ones = tf.ones([1, 200, 200, 3], tf.float16)
    error = pictures.absolute_error(ones, tf.zeros_like(ones))
    assert error.dtype == tf.float32
    np.testing.assert_array_equal(error, [120_000])


def test_values_are_counted_per_example():
    count = pictures.value_count(tf.zeros([4, 5, 6, 3]))
    np.testing.assert_array_equal(count, [90, 90, 90, 90])


def test_an_empty_batch_gives_empty_sums():
    nothing = tf.zeros([0, 5, 6, 3])
    assert pictures.absolute_error(nothing, nothing).shape == [0]
    assert pictures.value_count(nothing).shape == [0]
