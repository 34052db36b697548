"""How far samples of numbers are from a known distribution."""

from collections.abc import Callable, Sequence

import tensorflow as tf


def mixture_cdf(
    values: tf.Tensor,
    means: Sequence[float],
    deviations: Sequence[float],
    weights: Sequence[float],
) -> tf.Tensor:
    """Returns the distribution function of a mixture of Gaussians.

    Args:
      values: float, any shape.
      means: of the components.
      deviations: the components' standard deviations.
      weights: the components' shares, which sum to 1.

    Returns:
      float32, the shape of `values`: the probability of no more than each.
    """
    values = tf.cast(values, tf.float32)
    return tf.add_n(
        [
            weight * 0.5 * tf.math.erfc((mean - values) / (scale * 2.0**0.5))
            for mean, scale, weight in zip(
                means, deviations, weights, strict=True
            )
        ]
    )


def ks_distance(
    values: tf.Tensor, cdf: Callable[[tf.Tensor], tf.Tensor]
) -> tf.Tensor:
    """Returns the Kolmogorov-Smirnov distance of samples to a distribution.

    The largest difference between the share of samples up to a number and
    its probability: 0 for none, 1 for samples where nothing is likely.

    Args:
      values: float `[n]`, in any order.
      cdf: the distribution function.

    Returns:
      float32 scalar, in [0, 1].
    """
    ordered = tf.sort(tf.cast(values, tf.float32))
    wanted = cdf(ordered)
    count = tf.size(ordered)
    total = tf.cast(count, tf.float32)
    before = tf.cast(tf.range(count), tf.float32) / total
    upto = tf.cast(tf.range(1, count + 1), tf.float32) / total
    return tf.reduce_max(tf.maximum(wanted - before, upto - wanted))


def wasserstein(values: tf.Tensor, quantiles: tf.Tensor) -> tf.Tensor:
    """Returns the Wasserstein-1 distance of samples to a distribution.

    In one dimension the best transport keeps the order (Villani 2003, "Topics
    in Optimal Transportation", section 2.2).

    Args:
      values: float `[n]`, in any order.
      quantiles: float `[n]`, the distribution's at (i + 1/2) / n, rising.

    Returns:
      float32 scalar, in the unit of the values.
    """
    ordered = tf.sort(tf.cast(values, tf.float32))
    return tf.reduce_mean(tf.abs(ordered - quantiles))


def peak_share(values: tf.Tensor, width: float) -> tf.Tensor:
    """Returns the largest share of samples within any interval of a width.

    1 where all samples are one: a collapse to a mode, wherever it lies.

    Args:
      values: float `[n]`, in any order.
      width: float, of the closed interval, in the unit of the values.

    Returns:
      float32 scalar, in [0, 1].
    """
    ordered = tf.sort(tf.cast(values, tf.float32))
    count = tf.size(ordered)
    ends = tf.searchsorted(ordered, ordered + width, side="right")
    most = tf.reduce_max(ends - tf.range(count))
    return tf.cast(most, tf.float32) / tf.cast(count, tf.float32)


def modes_hit(
    values: tf.Tensor,
    means: Sequence[float],
    deviations: Sequence[float],
    cdf: Callable[[tf.Tensor], tf.Tensor],
) -> tf.Tensor:
    """Returns the share of a mixture's modes that samples hit.

    A mode is hit where within two standard deviations of it lie at least
    half as many samples as the distribution has there.

    Args:
      values: float `[n]`.
      means: of the components: the modes.
      deviations: the components' standard deviations.
      cdf: the mixture's distribution function.

    Returns:
      float32 scalar, in [0, 1].
    """
    low = tf.constant(means, tf.float32) - 2.0 * tf.constant(deviations)
    high = tf.constant(means, tf.float32) + 2.0 * tf.constant(deviations)
    wanted = cdf(high) - cdf(low)
    values = tf.cast(values, tf.float32)[:, tf.newaxis]
    within = tf.cast((values >= low) & (values <= high), tf.float32)
    hit = tf.reduce_mean(within, axis=0) >= 0.5 * wanted
    return tf.reduce_mean(tf.cast(hit, tf.float32))
