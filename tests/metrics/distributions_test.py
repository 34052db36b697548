"""Distances of samples to distributions, against values worked by hand."""

import math
import statistics

import numpy as np
import pytest
import tensorflow as tf

from tfstory.datasets.gaussians.mixture import Mixture
from tfstory.metrics import distributions


def _uniform(values):
    return tf.clip_by_value(values, 0.0, 1.0)


def test_cdf_of_a_mixture():
    found = distributions.mixture_cdf([-1.0, 2.0], [0, 1], [1, 2], [0.4, 0.6])
    one, two = statistics.NormalDist(0, 1), statistics.NormalDist(1, 2)
    wanted = [0.4 * one.cdf(x) + 0.6 * two.cdf(x) for x in (-1.0, 2.0)]
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


@pytest.mark.parametrize(
    ("values", "distance"),
    [
        # Steps at 1/4 and 3/4 stray by 1/4 from the uniform's line.
        ([0.75, 0.25], 0.25),
        # Up to 0.6, a probability of 0.6, lie none; then all.
        ([0.6], 0.6),
        ([0.2], 0.8),
        ([5.0, 7.0, 6.0], 1.0),
        ([0.1, 0.2, 0.3, 0.4], 0.6),
    ],
)
def test_ks_distance_to_the_uniform(values, distance):
    found = distributions.ks_distance(tf.constant(values), _uniform)
    assert float(found) == pytest.approx(distance, abs=1e-6)


def test_ks_distance_of_the_quantiles_is_half_a_step():
    mixture = Mixture((-1.0, 4.0), (1.0, 0.25), (0.5, 0.5))
    found = distributions.ks_distance(
        mixture.quantiles(50),
        lambda x: distributions.mixture_cdf(
            x, mixture.means, mixture.deviations, mixture.weights
        ),
    )
    assert float(found) == pytest.approx(0.01, abs=1e-5)


def test_wasserstein_is_the_mean_move_in_order():
    found = distributions.wasserstein([5.0, 0.0, 1.0], [0.0, 2.0, 3.0])
    assert float(found) == pytest.approx((0 + 1 + 2) / 3)
    quantiles = statistics.NormalDist().inv_cdf
    truth = [quantiles((i + 0.5) / 4_000) for i in range(4_000)]
    # E|x| of a standard normal.
    constant = distributions.wasserstein(tf.zeros([4_000]), truth)
    assert float(constant) == pytest.approx(math.sqrt(2 / math.pi), abs=1e-3)


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ([3.0, 3.0, 3.0], 1.0),
        ([0.0, 1.0, 2.0, 2.5], 0.5),
        ([0.0, 0.5, 1.0, 9.0], 0.75),
    ],
)
def test_peak_share_is_the_fullest_interval(values, share):
    found = distributions.peak_share(tf.constant(values), 1.0)
    assert float(found) == pytest.approx(share)


def test_modes_hit_counts_modes_with_half_their_due():
    means, deviations = (-10.0, 0.0, 10.0), (1.0, 1.0, 1.0)

    def cdf(x):
        return distributions.mixture_cdf(x, means, deviations, [1 / 3] * 3)

    # A third times 0.954 is due each; half of that is 0.159.
    values = [-10.0] * 80 + [0.5] * 17 + [10.0] * 3
    found = distributions.modes_hit(values, means, deviations, cdf)
    assert float(found) == pytest.approx(2 / 3)
