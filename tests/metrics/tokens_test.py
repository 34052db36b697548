"""Per-example token sums, the decided tokens, and the baselines."""

import numpy as np
import tensorflow as tf

from tfstory.metrics import tokens
from tfstory.text import vocabulary

PAD, START, END, UNKNOWN = (
    vocabulary.PAD,
    vocabulary.START,
    vocabulary.END,
    vocabulary.UNKNOWN,
)


def _logits(chosen, size=6):
    """Probability 5 / (4 + size) for the chosen token of each position."""
    return tf.math.log(1.0 + 4.0 * tf.one_hot(chosen, size))


def test_sums_leave_out_padding_and_start_and_count_the_end():
    targets = tf.constant([[START, 4, 5, END, PAD], [4, END, PAD, PAD, PAD]])
    logits = _logits([[START, 4, 4, END, PAD], [5, 5, PAD, PAD, PAD]])
    sums = tokens.token_sums(logits, targets)
    right, wrong = -np.log(5 / 10), -np.log(1 / 10)
    np.testing.assert_allclose(
        sums["nll"], [2 * right + wrong, 2 * wrong], rtol=1e-6
    )
    np.testing.assert_array_equal(sums["right_tokens"], [2, 0])
    np.testing.assert_array_equal(sums["tokens"], [3, 2])


def test_a_word_outside_the_vocabulary_counts_as_missed():
    targets = tf.constant([[4, UNKNOWN, END]])
    # Where "unknown" is the likeliest, the likeliest word is what counts.
    logits = tf.tensor_scatter_nd_add(
        _logits([[4, 5, END]]),
        [[0, 0, UNKNOWN], [0, 1, UNKNOWN]],
        [9.0, 9.0],
    )
    sums = tokens.token_sums(logits, targets)
    np.testing.assert_array_equal(sums["right_tokens"], [2])
    np.testing.assert_array_equal(sums["tokens"], [3])
    # The same of the baseline: 4 is the most frequent word.
    log_probabilities = tf.math.log([0.0, 0.0, 0.1, 0.5, 0.3, 0.1])
    sums = tokens.unigram_sums(targets, log_probabilities)
    np.testing.assert_array_equal(sums["most_frequent_right"], [1])


def test_decided_tokens_are_those_that_both_sentences_have():
    # "_" is no word of the vocabulary, so its id is that of unknown words.
    targets = tf.constant([[4, 5, 4, END, PAD]])
    decided = tf.constant([[4, UNKNOWN, 4, END, PAD]])
    np.testing.assert_array_equal(
        tokens.decided_weights(targets, decided), [[1, 0, 1, 1, 0]]
    )
    logits = _logits([[4, 4, 5, END, PAD]])
    sums = tokens.decided_token_sums(logits, targets, decided)
    np.testing.assert_array_equal(sums["decided_right_tokens"], [2])
    np.testing.assert_array_equal(sums["decided_tokens"], [3])


def test_a_word_outside_the_vocabulary_is_never_decided():
    targets = tf.constant([[START, UNKNOWN, 5, END]])
    weights = tokens.decided_weights(targets, targets)
    np.testing.assert_array_equal(weights, [[0, 0, 1, 1]])


def test_nothing_is_decided_where_the_decided_sentence_is_empty():
    targets = tf.constant([[START, 4, END, PAD], [START, END, PAD, PAD]])
    empty = tf.constant([[START, END, PAD, PAD]] * 2)
    np.testing.assert_array_equal(tokens.decided_weights(targets, empty), 0)
    # The same without the start token.
    without = tokens.decided_weights(targets[:, 1:], empty[:, 1:])
    np.testing.assert_array_equal(without, 0)


def test_a_wholly_open_sentence_decides_its_end_alone():
    targets = tf.constant([[4, 5, END, PAD]])
    decided = tf.constant([[UNKNOWN, UNKNOWN, END, PAD]])
    np.testing.assert_array_equal(
        tokens.decided_weights(targets, decided), [[0, 0, 1, 0]]
    )


def test_unigram_model_is_the_counts_plus_one_without_padding_and_start():
    counts = tokens.token_counts(
        tf.constant([[START, 4, 4, END, PAD], [START, 4, END, PAD, PAD]]), 6
    )
    np.testing.assert_array_equal(counts, [0, 0, 2, 0, 3, 0])
    log_probabilities = tokens.unigram_log_probabilities(counts)
    # Of ids 2 to 5: 3, 1, 4 and 1 of 9.
    np.testing.assert_allclose(
        tf.exp(log_probabilities), np.array([0, 0, 3, 1, 4, 1]) / 9, atol=1e-6
    )


def test_baselines_over_the_tokens_that_count():
    probabilities = np.array([0, 0, 3, 1, 4, 1], np.float32) / 9
    with np.errstate(divide="ignore"):
        log_probabilities = tf.constant(np.log(probabilities))
    targets = tf.constant([[START, 4, 5, END, PAD], [PAD] * 5])
    sums = tokens.unigram_sums(targets, log_probabilities)
    expected = -np.log(4 / 9) - np.log(1 / 9) - np.log(3 / 9)
    np.testing.assert_allclose(sums["unigram_nll"], [expected, 0], rtol=1e-6)
    np.testing.assert_array_equal(sums["most_frequent_right"], [1, 0])


def test_sums_work_in_a_graph_of_any_batch_size():
    @tf.function(
        input_signature=[
            tf.TensorSpec([None, 3, 6]),
            tf.TensorSpec([None, 3], tf.int32),
        ]
    )
    def all_sums(logits, targets):
        return {
            **tokens.token_sums(logits, targets),
            **tokens.decided_token_sums(logits, targets, targets),
            **tokens.unigram_sums(targets, tf.zeros([6])),
        }

    targets = tf.constant([[4, 5, END], [4, END, PAD]])
    both = all_sums(_logits(targets), targets)
    second = all_sums(_logits(targets)[1:], targets[1:])
    for name, value in both.items():
        assert value.shape == [2] and value.dtype == tf.float32, name
        np.testing.assert_allclose(value[1:], second[name], rtol=1e-6)
