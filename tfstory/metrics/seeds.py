"""What a metric comes to over several seeds, and whether two groups differ."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

_LEVEL = 0.95


class Interval(NamedTuple):
    """A mean with its confidence interval.

    Attributes:
      mean: of the values.
      low: where the interval of 95 % begins; nan with fewer than two values,
        or where one is not finite.
      high: where it ends.
    """

    mean: float
    low: float
    high: float


def interval(values: Sequence[float]) -> Interval:
    """Returns the mean and its 95 % interval by Student's t.

    Holds for values that are roughly normally distributed, as metrics of
    runs that differ in their seeds alone.

    Args:
      values: one a seed.

    Raises:
      ValueError: there are none.
    """
    if not values:
        raise ValueError("a mean needs a value or more")
    mean = float(np.mean(values))
    if len(values) < 2 or not _are_finite(values):
        return Interval(mean, np.nan, np.nan)
    half = stats.t.ppf((1 + _LEVEL) / 2, len(values) - 1) * stats.sem(values)
    return Interval(mean, float(mean - half), float(mean + half))


def welch_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Returns the two-sided p-value of Welch's t-test.

    How likely means would be at least so far apart if the two groups had the
    same expectation; the groups' variances may differ (Welch 1947, "The
    Generalization of Student's Problem when Several Different Population
    Variances are Involved").

    Args:
      first: values of one group.
      second: values of the other one.

    Returns:
      In [0, 1]; nan where a group has fewer than two values, one is not
      finite or neither group varies, so that nothing can be said.
    """
    if min(len(first), len(second)) < 2 or not _are_finite([*first, *second]):
        return np.nan
    if np.ptp(first) == 0 and np.ptp(second) == 0:
        return np.nan
    return float(stats.ttest_ind(first, second, equal_var=False).pvalue)


def _are_finite(values: Sequence[float]) -> bool:
    return bool(np.all(np.isfinite(values)))
