"""A mixture of Gaussians: what is drawn from, and what samples are held to."""

import itertools
import math
import statistics
from collections.abc import Sequence

from tfstory.errors import UserError

# Uniform lots may be 0, where a Gaussian's quantile is infinite.
_SMALLEST = 2.0**-54


class Mixture:
    """A distribution of numbers with one or more Gaussian components.

    Args:
      means: of the components.
      variances: of the components, above 0.
      weights: the components' shares; they are made to sum to 1.

    Raises:
      UserError: the numbers do not describe a mixture.
    """

    def __init__(
        self,
        means: Sequence[float],
        variances: Sequence[float],
        weights: Sequence[float],
    ):
        if not means or not len(means) == len(variances) == len(weights):
            raise UserError(
                "gaussians: means, variances and weights must have an entry "
                f"for each component, not {len(means)}, {len(variances)} and "
                f"{len(weights)}"
            )
        if not all(map(math.isfinite, [*means, *variances, *weights])):
            raise UserError("gaussians: every number must be finite")
        if min(variances) <= 0 or min(weights) <= 0:
            raise UserError("gaussians: variances and weights must be above 0")
        self.means = tuple(map(float, means))
        self.deviations = tuple(math.sqrt(v) for v in variances)
        total = math.fsum(weights)
        self.weights = tuple(weight / total for weight in weights)
        self._components = [
            statistics.NormalDist(mean, scale)
            for mean, scale in zip(self.means, self.deviations, strict=True)
        ]
        self._below = list(itertools.accumulate(self.weights))[:-1]

    @property
    def mean(self) -> float:
        """The mean of the whole."""
        return math.fsum(
            w * m for w, m in zip(self.weights, self.means, strict=True)
        )

    @property
    def standard_deviation(self) -> float:
        """The standard deviation of the whole."""
        second = math.fsum(
            w * (s * s + m * m)
            for w, m, s in zip(
                self.weights, self.means, self.deviations, strict=True
            )
        )
        return math.sqrt(second - self.mean**2)

    def density(self, value: float) -> float:
        """Returns the density at a value."""
        return math.fsum(
            w * component.pdf(value)
            for w, component in zip(self.weights, self._components, strict=True)
        )

    def quantiles(self, count: int) -> list[float]:
        """Returns the quantiles at (i + 1/2) / count, rising."""
        return [self._quantile((i + 0.5) / count) for i in range(count)]

    def _quantile(self, share: float) -> float:
        # A quantile of the whole lies between those of its components.
        bounds = [c.inv_cdf(share) for c in self._components]
        low, high = min(bounds), max(bounds)
        while high - low > 1e-9 * max(1.0, abs(low), abs(high)):
            middle = (low + high) / 2
            below = math.fsum(
                w * component.cdf(middle)
                for w, component in zip(
                    self.weights, self._components, strict=True
                )
            )
            low, high = (middle, high) if below < share else (low, middle)
        return (low + high) / 2

    def draw(self, which: float, where: float) -> float:
        """Turns two uniform numbers of [0, 1) into one of the mixture.

        Args:
          which: chooses the component.
          where: the quantile within it.
        """
        index = sum(which >= bound for bound in self._below)
        return self._components[index].inv_cdf(max(where, _SMALLEST))
