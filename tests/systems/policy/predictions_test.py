"""What a policy says of tokens that count, against NumPy."""

import dataclasses

import numpy as np
import tensorflow as tf

from tfstory.layers.recurrent_policy import RecurrentPolicy
from tfstory.sampling.alphabet import WORDS
from tfstory.systems.policy.predictions import predict, trimmed

SIZE = 7
# Ends after three tokens, at once, and not at all.
TOKENS = tf.constant([[5, 3, 2, 0], [2, 0, 0, 0], [6, 4, 4, 5]])
COUNTED = np.array([[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]], bool)


def _predicted(read=None):
    tf.keras.utils.set_random_seed(0)
    policy = RecurrentPolicy(SIZE, 4, 5, "gru", WORDS, deviation=0.8)
    mask = WORDS.mask(TOKENS)
    np.testing.assert_array_equal(mask, COUNTED)
    state = policy.first_state(3)
    found = predict(policy, TOKENS, mask, state, read=read)
    hidden = policy.read(TOKENS if read is None else read, state)
    return found, tf.nn.log_softmax(policy.logits(hidden)).numpy()


def test_tokens_that_count_are_predicted_and_no_others():
    found, logs = _predicted()
    assert found.logits.shape == [8, SIZE]
    np.testing.assert_array_equal(found.targets, TOKENS.numpy()[COUNTED])
    of_tokens = np.take_along_axis(logs, TOKENS.numpy()[..., None], -1)[..., 0]
    np.testing.assert_allclose(
        found.nll(), np.where(COUNTED, -of_tokens, 0), atol=1e-5
    )
    entropy = -np.sum(np.exp(logs) * logs, axis=-1)
    assert np.all(entropy > 0) and np.all(entropy < np.log(SIZE))
    nll, found_entropy = found.nll_and_entropy()
    np.testing.assert_array_equal(nll, found.nll())
    np.testing.assert_allclose(
        found_entropy, np.where(COUNTED, entropy, 0), atol=1e-5
    )


def test_values_go_to_their_places():
    found, _ = _predicted()
    np.testing.assert_array_equal(
        found.spread(tf.range(1.0, 9.0)),
        [[1, 2, 3, 0], [4, 0, 0, 0], [5, 6, 7, 8]],
    )


def test_the_unknown_token_is_never_right():
    found, logs = _predicted()
    right = (np.argmax(logs, axis=-1) == TOKENS.numpy()) & COUNTED
    np.testing.assert_array_equal(found.right(None), right)

    # Wherever the unknown token stood, the policy would have it likeliest.
    class Sure:
        def logits(self, rows):
            del rows
            return tf.one_hot(found.targets, SIZE)

    sure = dataclasses.replace(found, policy=Sure())
    np.testing.assert_array_equal(sure.right(None), COUNTED)
    np.testing.assert_array_equal(
        sure.right(WORDS.unknown), COUNTED & (TOKENS.numpy() != WORDS.unknown)
    )


def test_what_is_read_may_differ_from_what_is_predicted():
    read = tf.constant([[4, 4, 4, 4]] * 3)
    found, logs = _predicted(read)
    of_tokens = np.take_along_axis(logs, TOKENS.numpy()[..., None], -1)[..., 0]
    np.testing.assert_allclose(
        found.nll(), np.where(COUNTED, -of_tokens, 0), atol=1e-5
    )


def test_columns_without_a_token_are_cut_off():
    tokens, mask = TOKENS[:2], WORDS.mask(TOKENS[:2])
    cut, cut_mask = trimmed(tokens, mask)
    np.testing.assert_array_equal(cut, tokens[:, :3])
    np.testing.assert_array_equal(cut_mask, mask[:, :3])
    cut, cut_mask = trimmed(tokens[:0], mask[:0])
    assert cut.shape == cut_mask.shape == [0, 1]
