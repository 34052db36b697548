"""A run that is broken off ends where an unbroken one ends."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.face_gan import tiny
from tfstory.training import runner


class Killed(Exception):
    """Stands for a kill."""


def _run(workdir, epochs):
    config_system = tiny.system(epochs=epochs, batch_size=4)
    config_system.config.training.checkpoint_every_steps = 1
    train, validation = (
        tf.data.Dataset.from_tensor_slices(tiny.raw_batch(count, seed))
        for count, seed in ((10, 0), (4, 1))
    )
    rows = runner.train(
        config_system,
        tf.distribute.get_strategy(),
        train,
        validation,
        workdir,
    )
    return config_system, rows


def test_a_broken_run_ends_where_an_unbroken_one_ends(tmp_path, monkeypatch):
    whole, rows = _run(tmp_path / "whole", 2)
    sheets = {p.name for p in (tmp_path / "whole" / "samples").iterdir()}
    # One an epoch stays: after epochs 2, 5, 10 and 17 too.
    assert sheets == {
        "adversarial_epoch_001.png",
        "adversarial_epoch_002.png",
        "final.png",
    }

    from tfstory.training.checkpoints import Checkpoints

    save = Checkpoints.save

    def save_and_die(self, position, networks, stage):
        save(self, position, networks, stage)
        if position.epoch == 1 and position.step == 2:
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Checkpoints, "save", save_and_die)
        _run(tmp_path / "broken", 2)
    broken, broken_rows = _run(tmp_path / "broken", 2)
    for name, network in whole.networks.items():
        for weight, other in zip(
            network.weights, broken.networks[name].weights, strict=True
        ):
            np.testing.assert_array_equal(
                weight.numpy(), other.numpy(), err_msg=f"{name} {weight.path}"
            )
    assert [r["validation"] for r in rows] == [
        r["validation"] for r in broken_rows
    ]
