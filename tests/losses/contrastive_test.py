"""Symmetric InfoNCE on small values, against NumPy and by hand."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.losses import contrastive


def _alone(count):
    return tf.zeros([count, count], tf.bool)


def test_two_pairs_by_hand():
    logits = tf.constant([[2.0, 0.0], [1.0, 3.0]])
    losses = contrastive.symmetric_info_nce(logits, _alone(2))
    # Rows: pictures among texts; columns: texts among pictures.
    rows = [np.log(1 + np.exp(-2)), np.log(1 + np.exp(-2))]
    columns = [np.log(1 + np.exp(-1)), np.log(1 + np.exp(-3))]
    np.testing.assert_allclose(
        losses, (np.array(rows) + columns) / 2, rtol=1e-5
    )


def test_many_pairs_against_numpy():
    logits = np.random.default_rng(0).normal(size=[5, 5]).astype(np.float32)
    both = [np.exp(logits), np.exp(logits.T)]
    expected = np.mean(
        [-np.log(np.diagonal(x) / x.sum(axis=1)) for x in both], axis=0
    )
    np.testing.assert_allclose(
        contrastive.symmetric_info_nce(tf.constant(logits), _alone(5)),
        expected,
        rtol=1e-5,
    )


def test_what_is_alike_is_no_negative():
    logits = tf.constant([[0.0, 9.0, 1.0], [9.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    alike = tf.constant([[1, 1, 0], [1, 1, 0], [0, 0, 1]]) > 0
    losses = contrastive.symmetric_info_nce(logits, alike)
    assert float(losses[1]) == pytest.approx(np.log(2), rel=1e-5)
    first = (np.log(1 + np.e) + np.log(2)) / 2
    assert float(losses[0]) == pytest.approx(first, rel=1e-5)


def test_a_pair_alone_has_nothing_to_learn():
    with tf.GradientTape() as tape:
        logits = tf.constant([[3.0]])
        tape.watch(logits)
        losses = contrastive.symmetric_info_nce(logits, _alone(1))
    assert float(losses[0]) == 0.0
    assert float(tape.gradient(losses, logits)[0, 0]) == 0.0
