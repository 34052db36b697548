"""Tests that a run killed at any moment ends as an unbroken one."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np


def _figures(folder):
    rows = json.loads((folder / "rows.json").read_text())
    for row in rows:
        del row["seconds"], row["examples_per_second"]
    return rows


def test_a_run_killed_at_several_moments_ends_with_the_same_weights(tmp_path):
    root = pathlib.Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.kill_runs", tmp_path, "3"],
        cwd=root,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    # The kill by the clock may find a run at its end.
    assert "ended by [9, 9, 9, 9, " in done.stdout
    unbroken, broken = tmp_path / "unbroken", tmp_path / "broken"
    expected = np.load(unbroken / "weights.npz")
    found = np.load(broken / "weights.npz")
    assert expected.files == found.files
    for name in expected.files:
        np.testing.assert_array_equal(found[name], expected[name])
    assert _figures(broken) == _figures(unbroken)
    left = {path.name for path in (broken / "checkpoints").iterdir()}
    assert not [name for name in left if "98" in name or "99" in name]
