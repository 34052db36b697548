"""Roll-outs in one graph against the plain loop over prefixes and counts."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.sampling import categorical, roll_outs
from tfstory.sampling.alphabet import TOKENS, Alphabet

BATCH, LENGTH, COUNT, SIZE, UNITS = 3, 5, 3, 7, 4


def _weights(seed, shape):
    return tf.constant(
        np.random.default_rng(seed).normal(size=shape), tf.float32
    )


EMBEDDING = _weights(0, [SIZE, UNITS])
RECURRENT = _weights(1, [UNITS, UNITS])
OUTPUT = 0.7 * _weights(2, [UNITS, SIZE])


def _step(tokens, state):
    hidden, steps = state
    hidden = tf.tanh(tf.gather(EMBEDDING, tokens) + hidden @ RECURRENT)
    return hidden @ OUTPUT, (hidden, steps + 1)


def _start(batch):
    return _weights(3, [BATCH, UNITS])[:batch], tf.zeros([batch], tf.int32)


def _inputs():
    generator = np.random.default_rng(4)
    tokens = generator.integers(0, SIZE, [BATCH, LENGTH])
    uniforms = generator.random([LENGTH - 1, BATCH, COUNT, LENGTH])
    return (
        tf.constant(tokens, tf.int32),
        tf.constant(uniforms, tf.float32),
    )


def _naive(tokens, uniforms, alphabet):
    """Each roll-out by itself, from the start on."""
    result = np.zeros([LENGTH - 1, BATCH, COUNT, LENGTH], np.int32)
    for prefix, row, count in np.ndindex(LENGTH - 1, BATCH, COUNT):
        state = tf.nest.map_structure(
            lambda value, row=row: value[row : row + 1], _start(BATCH)
        )
        last = alphabet.start
        for place in range(LENGTH):
            logits, state = _step(tf.constant([last]), state)
            if place <= prefix:
                last = int(tokens[row, place])
            elif alphabet.end is not None and last in (
                alphabet.end,
                alphabet.pad,
            ):
                last = alphabet.pad
            else:
                uniform = uniforms[prefix, row, count, place]
                last = int(categorical.draw(logits, uniform[tf.newaxis])[0])
            result[prefix, row, count, place] = last
    return result


@pytest.mark.parametrize("many_logits", [0, 10**9])
@pytest.mark.parametrize("alphabet", [TOKENS, Alphabet(1, end=2, pad=0)])
def test_roll_outs_equal_the_plain_loop(alphabet, many_logits, monkeypatch):
    monkeypatch.setattr(roll_outs, "_MANY_LOGITS", many_logits)
    tokens, uniforms = _inputs()
    found = tf.function(roll_outs.roll_out)(
        _step, _start(BATCH), tokens, uniforms, alphabet
    )
    expected = _naive(tokens, uniforms, alphabet)
    np.testing.assert_array_equal(found, expected)
    # The random numbers do decide, and the prefixes stay.
    assert (found[0, :, 0] != found[0, :, 1]).numpy().any()
    for prefix in range(LENGTH - 1):
        for count in range(COUNT):
            np.testing.assert_array_equal(
                found[prefix, :, count, : prefix + 1], tokens[:, : prefix + 1]
            )


def test_roll_outs_have_the_policys_distribution():
    count = 4_000
    uniforms = tf.random.stateless_uniform([1, 1, count, 2], [0, 1])
    found = roll_outs.roll_out(
        _step, _start(1), tf.constant([[5, 0]]), uniforms, TOKENS
    )
    _, state = _step(tf.constant([0]), _start(1))
    logits, _ = _step(tf.constant([5]), state)
    shares = np.bincount(found[0, 0, :, 1], minlength=SIZE) / count
    np.testing.assert_allclose(shares, tf.nn.softmax(logits)[0], atol=0.03)
