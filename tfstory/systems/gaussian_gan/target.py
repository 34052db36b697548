"""What the generator shall draw from, and what it is held to."""

import functools

import ml_collections
import tensorflow as tf

from tfstory.datasets.gaussians.mixture import Mixture
from tfstory.metrics import distributions

# Points at which a generator's distribution is looked at.
POINTS = 4_000
# Real numbers that a discriminator judges others beside, when in use.
REFERENCES = 200


class Target:
    """The true distribution.

    Args:
      config: `config.data.builder` of a run.
    """

    def __init__(self, config: ml_collections.ConfigDict):
        self.mixture = Mixture(config.means, config.variances, config.weights)

    def cdf(self, values: tf.Tensor) -> tf.Tensor:
        """Returns the probability of no more than each value, float32."""
        mixture = self.mixture
        return distributions.mixture_cdf(
            values, mixture.means, mixture.deviations, mixture.weights
        )

    @functools.cached_property
    def quantiles(self) -> list[float]:
        """`POINTS` quantiles, evenly spaced in probability."""
        return self.mixture.quantiles(POINTS)

    @functools.cached_property
    def references(self) -> list[float]:
        """`REFERENCES` quantiles, evenly spaced in probability."""
        return self.mixture.quantiles(REFERENCES)

    @property
    def interval(self) -> tuple[float, float]:
        """Where nearly all numbers lie: four deviations around the means."""
        mixture = self.mixture
        reach = 4.0 * max(mixture.deviations)
        return min(mixture.means) - reach, max(mixture.means) + reach
