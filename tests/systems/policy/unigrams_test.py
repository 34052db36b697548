"""Shares of tokens in the training data, with one added to each."""

import numpy as np
import tensorflow as tf

from tfstory.systems.policy.unigrams import Unigrams


def test_shares_are_those_that_were_counted():
    unigrams = Unigrams(5, never=[0])
    np.testing.assert_allclose(
        unigrams.nll(tf.constant([[1, 4]])), [[np.log(4)] * 2], rtol=1e-6
    )
    batches = [
        (tf.constant([[1, 2, 0], [2, 3, 2]]), tf.constant([[1.0, 1, 0]] * 2)),
        (tf.constant([[2, 0, 0]]), tf.constant([[1.0, 0, 0]])),
    ]
    unigrams.adapt(batches)
    # One 1, three 2s, one 3, no 4, and one more of each.
    shares = np.array([2, 4, 2, 1]) / 9
    found = unigrams.nll(tf.constant([1, 2, 3, 4]))
    np.testing.assert_allclose(found, -np.log(shares), rtol=1e-6)
    # Finite, for checks of weights that are not.
    assert np.all(np.isfinite(unigrams.weights[0].numpy()))
    assert float(unigrams.nll(tf.constant(0))) > 1e6


def test_all_tokens_may_be_possible():
    unigrams = Unigrams(4, never=())
    unigrams.adapt([])
    np.testing.assert_allclose(
        unigrams.nll(tf.range(4)), np.full(4, np.log(4)), rtol=1e-6
    )
