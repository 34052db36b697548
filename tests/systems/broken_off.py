"""Runs that are broken off and gone on with."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.system import System
from tfstory.training import runner
from tfstory.training.checkpoints import Checkpoints, Position

# A system and its history.
Run = tuple[System, list[dict]]


class Killed(Exception):
    """Stands for a kill."""


def train(system: System, train: Mapping, validation: Mapping, workdir) -> Run:
    """Trains a system without graphs, which few steps are not worth making.

    What a step kept in Python, and so in no checkpoint, shows all the more:
    a graph would have frozen it.

    Args:
      system: System.
      train, validation: raw batches.
      workdir: the run's.
    """
    tf.config.run_functions_eagerly(True)
    try:
        rows = runner.train(
            system,
            tf.distribute.get_strategy(),
            tf.data.Dataset.from_tensor_slices(train),
            tf.data.Dataset.from_tensor_slices(validation),
            workdir,
        )
    finally:
        tf.config.run_functions_eagerly(False)
    return system, rows


def go_on(
    run: Callable[[], Run], moment: Position, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Breaks a run off behind the checkpoint of a moment; then ends it."""
    save = Checkpoints.save

    def save_and_die(self, position, networks, stage):
        save(self, position, networks, stage)
        if position == moment:
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Checkpoints, "save", save_and_die)
        run()
    return run()


def assert_same_weights(found: System, expected: System) -> None:
    """Asserts that two systems have the same weights to the last bit."""
    assert found.networks.keys() == expected.networks.keys()
    for name, network in expected.networks.items():
        for weight, other in zip(
            network.weights, found.networks[name].weights, strict=True
        ):
            np.testing.assert_array_equal(
                other.numpy(), weight.numpy(), err_msg=f"{name} {weight.path}"
            )
