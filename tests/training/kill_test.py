"""Tests that a run killed at any moment ends as an unbroken one."""

import numpy as np
import pytest

from tests.training import forks


def _figures(rows):
    clock = ("seconds", "examples_per_second")
    return [{k: v for k, v in row.items() if k not in clock} for row in rows]


@pytest.mark.parametrize("make", ["config", "long_epochs"])
def test_a_run_killed_at_several_moments_ends_with_the_same_weights(
    tmp_path, make
):
    output = forks.start("tests.training.kill_runs", tmp_path, 3, make)
    # The kill by the clock may find a run at its end.
    assert "ended by [9, 9, 9, 9, " in output
    expected, rows = forks.read(tmp_path / "unbroken")
    found, broken_rows = forks.read(tmp_path / "broken")
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)
    assert _figures(broken_rows) == _figures(rows)
    folder = tmp_path / "broken" / "checkpoints"
    left = {path.name for path in folder.iterdir()}
    assert not [name for name in left if "98" in name or "99" in name]
