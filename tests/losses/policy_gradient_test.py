"""Returns worked by hand, and the gradient against the true expectation."""

import numpy as np
import tensorflow as tf

from tfstory.losses import policy_gradient

REWARDS = tf.constant([[1.0, 2.0, 4.0], [3.0, 0.0, 0.0]])


def test_returns_add_up_what_comes_after():
    np.testing.assert_allclose(
        policy_gradient.discounted_returns(REWARDS, 0.5),
        [[1 + 1 + 1, 2 + 2, 4], [3, 0, 0]],
    )
    np.testing.assert_allclose(
        policy_gradient.discounted_returns(REWARDS, 0.0), REWARDS
    )
    np.testing.assert_allclose(
        policy_gradient.discounted_returns(REWARDS, 1.0)[0], [7, 6, 4]
    )


def test_n_steps_end_with_what_is_expected():
    values = tf.constant([[10.0, 20.0, 40.0], [8.0, 0.0, 0.0]])
    np.testing.assert_allclose(
        policy_gradient.n_step_returns(REWARDS, values, 0.5, 1),
        [[1 + 10, 2 + 20, 4], [3, 0, 0]],
    )
    np.testing.assert_allclose(
        policy_gradient.n_step_returns(REWARDS, values, 0.5, 2),
        [[1 + 1 + 10, 2 + 2, 4], [3, 0, 0]],
    )
    # As many steps as there are: the whole return, whatever is expected.
    np.testing.assert_allclose(
        policy_gradient.n_step_returns(REWARDS, values, 0.5, 3),
        policy_gradient.discounted_returns(REWARDS, 0.5),
    )


def test_gradient_is_that_of_the_expected_reward():
    # All sequences of two tokens out of three, each by its probability: the
    # mean of the losses' gradients is the gradient of the expectation.
    generator = np.random.default_rng(0)
    logits = tf.constant(generator.normal(size=[2, 3]), tf.float64)
    rewards = tf.constant(generator.normal(size=[3, 3]), tf.float64)
    sequences = np.array(list(np.ndindex(3, 3)))
    of_sequences = tf.gather_nd(rewards, sequences)

    def log_probabilities(logits):
        logs = tf.nn.log_softmax(logits)
        return tf.stack(
            [tf.gather(logs[place], sequences[:, place]) for place in (0, 1)],
            axis=1,
        )

    with tf.GradientTape(persistent=True) as tape:
        tape.watch(logits)
        logs = log_probabilities(logits)
        probabilities = tf.exp(tf.reduce_sum(logs, axis=1))
        expected = tf.reduce_sum(probabilities * of_sequences)
        # Any baseline leaves the expectation as it is.
        advantages = (of_sequences - 0.7)[:, tf.newaxis] * tf.ones_like(logs)
        losses = policy_gradient.policy_losses(logs, advantages)
        loss = tf.reduce_sum(
            tf.stop_gradient(probabilities) * tf.reduce_sum(losses, axis=1)
        )
    np.testing.assert_allclose(
        -tape.gradient(loss, logits), tape.gradient(expected, logits)
    )
    for place, token in np.ndindex(2, 3):
        shift = np.zeros([2, 3])
        shift[place, token] = 1e-6
        ends = [
            tf.reduce_sum(
                tf.exp(tf.reduce_sum(log_probabilities(shifted), axis=1))
                * of_sequences
            )
            for shifted in (logits + shift, logits - shift)
        ]
        np.testing.assert_allclose(
            -tape.gradient(loss, logits)[place, token],
            (ends[0] - ends[1]) / 2e-6,
            rtol=1e-5,
            atol=1e-8,
        )


def test_no_gradient_goes_through_what_was_earned():
    with tf.GradientTape() as tape:
        earned = tf.constant([[1.0]])
        tape.watch(earned)
        losses = policy_gradient.policy_losses(tf.constant([[-0.5]]), earned)
    np.testing.assert_allclose(losses, [[0.5]])
    assert tape.gradient(losses, earned) is None
