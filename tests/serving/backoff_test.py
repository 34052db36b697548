"""Pauses between tries."""

import pytest

from serving.backoff import pause_seconds


@pytest.mark.parametrize(
    ("first", "failures", "expected"),
    [(0.5, 0, 0.5), (0.5, 1, 1.0), (0.5, 4, 8.0), (0.5, 5, 10.0), (0, 9, 0)],
)
def test_pauses_double_up_to_a_bound(first, failures, expected):
    assert pause_seconds(first, failures, 10.0) == expected


def test_failures_of_days_are_no_overflow():
    assert pause_seconds(2.0, 100_000, 60.0) == 60.0
