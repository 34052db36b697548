"""Sequences that the BLEU reward compares with, kept as weights."""

import numpy as np
import tensorflow as tf

from tfstory.metrics import sentence_bleu
from tfstory.objectives.bleu import BleuReward
from tfstory.systems.policy.references import References

SEQUENCES = tf.constant([[0, 1, 2, 3], [3, 2, 1, 0], [2, 2, 0, 0]])
MASK = tf.constant([[1.0, 1, 1, 1], [1, 1, 1, 1], [1, 1, 0, 0]])
WRITTEN = tf.constant([[0, 1, 2, 0], [2, 2, 2, 2], [3, 2, 1, 0]])


def _adapted(count):
    made = References(count, 4)
    made.adapt([(SEQUENCES[:2], MASK[:2]), (SEQUENCES[2:], MASK[2:])])
    return made


def _rewards(references):
    return references.reward()(WRITTEN, tf.ones([3, 4]))


def test_the_reward_is_bleu_2_against_the_sequences():
    # More room than sequences: what is left over is no sequence.
    found = _rewards(_adapted(5))
    plain = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 2]]
    np.testing.assert_allclose(
        found, BleuReward(plain)(WRITTEN, tf.ones([3, 4])), rtol=1e-6
    )
    bleu = sentence_bleu.mean_bleu(WRITTEN.numpy().tolist(), plain)
    np.testing.assert_allclose(np.mean(found), bleu["bleu_2"], rtol=1e-5)
    assert float(found[2]) == 1.0


def test_the_first_ones_are_kept():
    found = _rewards(_adapted(1))
    alone = BleuReward([[0, 1, 2, 3]])(WRITTEN, tf.ones([3, 4]))
    np.testing.assert_allclose(found, alone, rtol=1e-6)
    assert float(found[1]) < 1


def test_weights_alone_bring_them_back():
    other = References(5, 4)
    # Before there are any, there is a reward all the same.
    assert np.all(np.isfinite(_rewards(other)))
    other.set_weights(_adapted(5).get_weights())
    np.testing.assert_array_equal(_rewards(other), _rewards(_adapted(5)))


def test_a_graph_takes_them_as_they_are():
    made = _adapted(5)
    in_graph = tf.function(lambda: _rewards(made))()
    np.testing.assert_allclose(in_graph, _rewards(made), rtol=1e-6)
