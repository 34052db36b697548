"""Intervals and p-values against tables of Student's t."""

import math

import numpy as np
import pytest

from tfstory.metrics import seeds


def test_interval_by_hand():
    # Deviation 1, standard error 1 / sqrt(3); t(0.975; 2) = 4.30265.
    half = 4.30265 / math.sqrt(3)
    found = seeds.interval([1.0, 2.0, 3.0])
    assert found == pytest.approx((2.0, 2.0 - half, 2.0 + half), rel=1e-5)


def test_interval_covers_the_mean_in_95_of_100():
    draws = np.random.default_rng(0).normal(5.0, 2.0, (500, 4))
    found = [seeds.interval(list(values)) for values in draws]
    covered = sum(f.low <= 5.0 <= f.high for f in found) / len(found)
    assert covered == pytest.approx(0.95, abs=0.03)


def test_one_value_has_no_interval():
    mean, low, high = seeds.interval([4.0])
    assert mean == 4.0 and math.isnan(low) and math.isnan(high)
    with pytest.raises(ValueError, match="a value or more"):
        seeds.interval([])


def test_a_value_that_is_no_number_stays_to_be_seen():
    assert all(map(math.isnan, seeds.interval([1.0, math.nan])))
    mean, low, high = seeds.interval([1.0, math.inf])
    assert mean == math.inf and math.isnan(low) and math.isnan(high)


def test_welch_by_hand():
    # Variances 1 and 4 over 3: t = 3 / sqrt(5 / 3), and the degrees of
    # freedom (5 / 3)^2 / ((1 / 3)^2 / 2 + (4 / 3)^2 / 2) = 50 / 17. Student's
    # pooled test, of 4 degrees of freedom, would give 0.0808.
    found = seeds.welch_p([1.0, 2.0, 3.0], [3.0, 5.0, 7.0])
    assert found == pytest.approx(0.10448, abs=1e-5)
    assert seeds.welch_p([3.0, 5.0, 7.0], [1.0, 2.0, 3.0]) == found


def test_equal_groups_do_not_differ():
    assert seeds.welch_p([1.0, 2.0], [2.0, 1.0]) == 1.0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1.0], [1.0, 2.0]),
        ([1.0, 1.0], [2.0, 2.0]),
        ([1.0, math.inf], [1.0, 2.0]),
    ],
)
def test_where_nothing_can_be_said(first, second):
    assert math.isnan(seeds.welch_p(first, second))
