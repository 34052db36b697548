"""The KL divergence against integration, and its gradient."""

import numpy as np
import tensorflow as tf

from tfstory.losses import divergence


def _integrated(mean, variance):
    x = np.linspace(-30, 30, 200_001)
    density = np.exp(-((x - mean) ** 2) / (2 * variance))
    density /= np.sqrt(2 * np.pi * variance)
    log_ratio = -((x - mean) ** 2) / (2 * variance) + x**2 / 2
    log_ratio -= 0.5 * np.log(variance)
    return np.sum(density * log_ratio) * (x[1] - x[0])


def test_equals_the_integral():
    means = np.array([[0.0, 1.5], [-2.0, 0.3]], np.float32)
    variances = np.array([[1.0, 0.25], [4.0, 1.0]], np.float32)
    expected = [
        sum(_integrated(m, v) for m, v in zip(*row, strict=True))
        for row in zip(means, variances, strict=True)
    ]
    np.testing.assert_allclose(
        divergence.kl_to_standard_normal(means, np.log(variances)),
        expected,
        rtol=1e-4,
    )


def test_gradient_equals_finite_differences_and_vanishes_at_the_prior():
    some = tf.constant([[0.5, -1.0], [0.2, 0.7]])  # Mean, log-variance.

    def kl(point):
        return divergence.kl_to_standard_normal(point[:1], point[1:])[0]

    for point in (some, tf.zeros([2, 2])):
        with tf.GradientTape() as tape:
            tape.watch(point)
            value = kl(point)
        gradient = tape.gradient(value, point).numpy()
        for index in np.ndindex(2, 2):
            step = np.zeros([2, 2], np.float32)
            step[index] = 1e-2
            slope = (kl(point + step) - kl(point - step)) / 2e-2
            np.testing.assert_allclose(gradient[index], slope, atol=1e-3)
    np.testing.assert_array_equal(gradient, 0.0)
