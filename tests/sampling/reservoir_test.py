"""A few of many values, each with the same chance."""

import numpy as np
import pytest

from tfstory.sampling.reservoir import Reservoir


def test_few_values_are_all_kept():
    reservoir = Reservoir(5, seed=0)
    reservoir.add(np.arange(2))
    reservoir.add(np.arange(2, 4))
    assert [int(value) for value in reservoir.kept] == [0, 1, 2, 3]


def test_each_is_kept_with_the_same_chance():
    counts = np.zeros(8)
    for seed in range(2000):
        reservoir = Reservoir(3, seed)
        reservoir.add(np.arange(8))
        counts[reservoir.kept] += 1
    assert counts / 2000 == pytest.approx(3 / 8, abs=0.04)


def test_a_change_of_the_batch_changes_nothing_kept():
    reservoir = Reservoir(2, seed=0)
    batch = np.ones([2, 3])
    reservoir.add(batch)
    batch[:] = 0
    assert np.all(reservoir.kept == np.ones([2, 3]))
