"""R-precision on values worked out by hand."""

import numpy as np
import tensorflow as tf

from tfstory.metrics import retrieval


def test_the_right_candidate_must_be_the_most_similar():
    right = tf.constant([0.5, 0.5, 0.5, 0.5])
    wrong = tf.constant([[0.1, 0.4], [0.1, 0.6], [0.5, 0.1], [0.5, 0.5]])
    counts = tf.ones([4, 2], tf.bool)
    np.testing.assert_allclose(
        retrieval.r_precision(right, wrong, counts), [1, 0, 1 / 2, 1 / 3]
    )


def test_what_is_no_candidate_does_not_count():
    right, wrong = tf.constant([0.5, 0.5]), tf.constant([[0.9, 0.4]] * 2)
    counts = tf.constant([[False, True], [True, False]])
    found = retrieval.r_precision(right, wrong, counts)
    np.testing.assert_allclose(found, [1, 0])
    nobody = tf.zeros([2, 2], tf.bool)
    found = retrieval.r_precision(right, wrong, nobody)
    np.testing.assert_allclose(found, [1, 1])


def test_rounding_makes_no_difference():
    """A judge to which all is alike finds by chance, in any order of sums."""
    found = retrieval.r_precision(
        tf.constant([0.5, 0.5]),
        tf.constant([[0.5 - 1e-7] * 3, [0.5 + 1e-7] * 3]),
        tf.ones([2, 3], tf.bool),
    )
    np.testing.assert_allclose(found, [1 / 4, 1 / 4])


def test_what_is_no_number_finds_nothing():
    nan = float("nan")
    found = retrieval.r_precision(
        tf.constant([nan, 0.5]),
        tf.constant([[nan, 0.0], [nan, 0.0]]),
        tf.ones([2, 2], tf.bool),
    )
    np.testing.assert_array_equal(found, [0, 0])
