"""REINFORCE for sequences of tokens: returns, and what a policy minimises.

Williams 1992, "Simple Statistical Gradient-Following Algorithms for
Connectionist Reinforcement Learning"; seed document 002, section 4.1, and
Yu et al. 2017, "SeqGAN" (arXiv:1609.05473), equations 6 to 8.
"""

import tensorflow as tf


def discounted_returns(rewards: tf.Tensor, discount: float) -> tf.Tensor:
    """Returns what each action and all after it earn.

    Seed document 002, section 4.1: `Q_t = sum_k discount^k rewards_{t+k}`.

    Args:
      rewards: float32 `[batch, length]`.
      discount: float in [0, 1].

    Returns:
      float32 `[batch, length]`.
    """
    returns = tf.scan(
        lambda after, reward: reward + discount * after,
        tf.transpose(rewards),
        tf.zeros_like(rewards[:, 0]),
        reverse=True,
    )
    return tf.transpose(returns)


def n_step_returns(
    rewards: tf.Tensor, values: tf.Tensor, discount: float, steps: int
) -> tf.Tensor:
    """Returns what the next actions earn, and what is then to be expected.

    `Q_t = sum_{k < n} discount^k rewards_{t+k} + discount^n values_{t+n}`
    (Sutton and Barto 2018, "Reinforcement Learning", equation 7.1).

    Args:
      rewards: float32 `[batch, length]`.
      values: float32 `[batch, length]`, the return that is expected before
        each action; 0 is expected after the last.
      discount: float in [0, 1].
      steps: int, n; 1 or more.

    Returns:
      float32 `[batch, length]`.
    """
    ahead = [[0, 0], [0, steps]]
    rewards, length = tf.pad(rewards, ahead), tf.shape(rewards)[1]
    returns = discount**steps * tf.pad(values, ahead)[:, steps:]
    for step in range(steps):
        returns += discount**step * rewards[:, step : step + length]
    return returns


def policy_losses(
    log_probabilities: tf.Tensor, advantages: tf.Tensor
) -> tf.Tensor:
    """Returns losses whose gradient is that of the expected return, negated.

    Args:
      log_probabilities: float32 `[batch, length]`, of the actions taken.
      advantages: float32 `[batch, length]`, what each of them earned, less a
        baseline that does not depend on it. No gradient goes through them.

    Returns:
      float32 `[batch, length]`.
    """
    return -log_probabilities * tf.stop_gradient(advantages)
