"""Tests that a run killed at any moment ends as an unbroken one."""

import numpy as np
import pytest

from tests.training import forks

MAKES = ("config", "long_epochs")


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Where the runs of both configs lie, and what their process said."""
    folder = tmp_path_factory.mktemp("killed")
    return folder, forks.start("tests.training.kill_runs", folder, 3, *MAKES)


def _figures(rows):
    clock = ("seconds", "examples_per_second")
    return [{k: v for k, v in row.items() if k not in clock} for row in rows]


@pytest.mark.parametrize("make", MAKES)
def test_a_run_killed_at_several_moments_ends_with_the_same_weights(
    killed, make
):
    folder, output = killed
    # The kill by the clock may find a run at its end.
    assert f"{make} ended by [9, 9, 9, 9, " in output
    expected, rows = forks.read(folder / make / "unbroken")
    found, broken_rows = forks.read(folder / make / "broken")
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)
    assert _figures(broken_rows) == _figures(rows)
    checkpoints = folder / make / "broken" / "checkpoints"
    left = {path.name for path in checkpoints.iterdir()}
    assert not [name for name in left if "98" in name or "99" in name]
