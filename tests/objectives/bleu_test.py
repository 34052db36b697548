"""The in-graph BLEU by hand and beside the corpus metric."""

import math
import random

import numpy as np
import pytest
import tensorflow as tf

from tfstory.metrics import sentence_bleu
from tfstory.objectives.bleu import BleuReward


def _batch(sentences, length, padding=1):
    """Returns tokens with padding that a reference may have, and the mask."""
    rows = [s + [padding] * (length - len(s)) for s in sentences]
    mask = [[1.0] * len(s) + [0.0] * (length - len(s)) for s in sentences]
    return tf.constant(rows, tf.int32), tf.constant(mask)


def _sentences(seed, count, tokens=range(4)):
    chance = random.Random(seed)
    return [
        chance.choices(tokens, k=chance.randint(1, 8)) for _ in range(count)
    ]


def test_by_hand():
    reward = BleuReward([[1, 2, 3, 4], [3, 1]])
    tokens, mask = _batch([[1, 1, 2], [9, 9], [], [1]], 5)
    # "1" counts once and "2" once, of 3; "1 2" of 2 bigrams. Nothing in
    # common. Nothing at all. One token, which has no bigram.
    expected = [
        math.sqrt(2 / 3 * 1 / 2),
        0.0,
        0.0,
        math.sqrt(1 * 0.1) * math.exp(1 - 2 / 1),
    ]
    np.testing.assert_allclose(reward(tokens, mask), expected, rtol=1e-6)


@pytest.mark.parametrize("order", [2, 5])
@pytest.mark.parametrize("jit_compile", [False, True])
def test_equals_the_corpus_metric(order, jit_compile):
    references = _sentences(0, 6)
    # Tokens up to 6: some that no reference has.
    sentences = _sentences(1, 40, range(7))
    reward = tf.function(BleuReward(references, order), jit_compile=jit_compile)
    expected = [
        sentence_bleu.mean_bleu([s], references)[f"bleu_{order}"]
        for s in sentences
    ]
    assert len(set(expected)) > 20
    rewards = reward(*_batch(sentences, 8))
    np.testing.assert_allclose(rewards, expected, rtol=1e-5, atol=1e-7)


def test_references_without_an_n_gram_and_longer_sequences():
    reward = tf.function(
        BleuReward([[1], [2]]),
        input_signature=[
            tf.TensorSpec([None, None], tf.int32),
            tf.TensorSpec([None, None], tf.float32),
        ],
    )
    # One of three tokens, no bigram of two.
    found = reward(*_batch([[1, 5, 6]], 3))
    np.testing.assert_allclose(found, [math.sqrt(1 / 3 * 0.1 / 2)], rtol=1e-6)


def test_references_may_be_arrays():
    references = np.array([[1, 2, 3], [2, 3, 1]])
    tokens, mask = _batch([[2, 3, 1]], 3)
    np.testing.assert_allclose(BleuReward(references)(tokens, mask), [1.0])


def test_what_cannot_be_scored_is_refused():
    with pytest.raises(ValueError, match="a reference or more"):
        BleuReward([])
    with pytest.raises(ValueError, match="no numbers of 64 bits"):
        BleuReward([[10_000]], order=5)
