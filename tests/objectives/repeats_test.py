"""Copies of sequences in a batch."""

import numpy as np
import tensorflow as tf

from tfstory.objectives import repeats


def test_by_hand():
    tokens = tf.constant(
        [[1, 2, 3], [1, 2, 4], [1, 2, 3], [3, 2, 1], [1, 2, 3]]
    )
    found = tf.function(repeats.copies)(tokens, tf.ones([5, 3]))
    np.testing.assert_array_equal(found, [3.0, 1.0, 3.0, 1.0, 3.0])
    assert found.dtype == tf.float32


def test_what_stands_behind_the_end_makes_no_difference():
    tokens = tf.constant([[1, 7, 7], [1, 5, 9], [1, 0, 0], [1, 7, 7]])
    mask = tf.constant([[1.0, 0, 0], [1, 0, 0], [1, 1, 1], [1, 1, 0]])
    # "1", "1", "1 0 0" and "1 7".
    np.testing.assert_array_equal(repeats.copies(tokens, mask), [2, 2, 1, 1])


def test_equals_counting_in_python():
    tokens = np.random.default_rng(0).integers(0, 3, (500, 4))
    rows = [tuple(row) for row in tokens]
    found = repeats.copies(tf.constant(tokens, tf.int32), tf.ones([500, 4]))
    np.testing.assert_array_equal(found, [rows.count(row) for row in rows])
