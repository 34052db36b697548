"""Cross-entropy of sequences: values, gradients, and what does not count."""

import numpy as np
import tensorflow as tf

from tfstory.losses import sequence
from tfstory.systems import replicas
from tfstory.text import vocabulary

PAD, START, END, UNKNOWN = (
    vocabulary.PAD,
    vocabulary.START,
    vocabulary.END,
    vocabulary.UNKNOWN,
)


def _loss(logits, targets, **options):
    return replicas.global_mean(
        *sequence.cross_entropy(logits, targets, **options)
    )


def test_words_unknown_words_and_end_count_start_and_padding_do_not():
    targets = tf.constant([[START, 7, UNKNOWN, END, PAD, PAD]])
    weights = sequence.target_weights(targets)
    np.testing.assert_array_equal(weights, [[0, 1, 1, 1, 0, 0]])


def test_losses_are_minus_log_probability_in_nats():
    # Softmax of log([1, 1, 1, 1, 4]) is [1, 1, 1, 1, 4] / 8.
    logits = tf.math.log([[[1.0, 1, 1, 1, 4], [1, 1, 1, 1, 4]]])
    losses, weights = sequence.cross_entropy(logits, tf.constant([[4, END]]))
    np.testing.assert_allclose(losses, [[np.log(2), np.log(8)]], rtol=1e-6)
    np.testing.assert_array_equal(weights, [[1, 1]])


def test_mean_is_over_the_tokens_that_count():
    logits = tf.math.log(
        [[[1.0, 1, 1, 1, 4], [1, 1, 1, 1, 4], [9, 1, 1, 1, 1]]]
    )
    loss = _loss(logits, tf.constant([[4, END, PAD]]))
    np.testing.assert_allclose(loss, (np.log(2) + np.log(8)) / 2, rtol=1e-6)


def test_loss_of_nothing_but_padding_is_zero_with_zero_gradient():
    logits = tf.Variable(tf.ones([2, 3, 5]))
    with tf.GradientTape() as tape:
        loss = _loss(logits, tf.zeros([2, 3], tf.int32))
    assert float(loss) == 0
    np.testing.assert_array_equal(tape.gradient(loss, logits), 0)


def test_gradient_equals_finite_differences():
    generator = np.random.default_rng(0)
    start = generator.normal(size=[2, 3, 5]).astype(np.float32)
    targets = tf.constant([[4, END, PAD], [START, UNKNOWN, 4]])
    logits = tf.Variable(start)
    with tf.GradientTape() as tape:
        loss = _loss(logits, targets)
    gradient = tape.gradient(loss, logits).numpy()
    numeric = np.zeros_like(start)
    step = 1e-2
    for index in np.ndindex(*start.shape):
        offset = np.zeros_like(start)
        offset[index] = step
        higher = _loss(start + offset, targets)
        lower = _loss(start - offset, targets)
        numeric[index] = (higher - lower) / (2 * step)
    np.testing.assert_allclose(gradient, numeric, atol=2e-4)
    assert np.all(gradient[0, 2] == 0), "padding"
    assert np.all(gradient[1, 0] == 0), "start"
    assert np.all(gradient[0, 0] != 0)


def test_half_precision_logits_are_computed_on_in_float32():
    logits = tf.random.stateless_normal([1, 4, 50], [1, 2]) * 10
    halves = tf.cast(logits, tf.float16)
    targets = tf.constant([[4, 9, 30, END]])
    losses, weights = sequence.cross_entropy(halves, targets)
    expected, _ = sequence.cross_entropy(tf.cast(halves, tf.float32), targets)
    assert losses.dtype == tf.float32 and weights.dtype == tf.float32
    np.testing.assert_array_equal(losses, expected)
