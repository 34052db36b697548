"""A run that is broken off ends where an unbroken one ends."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems import broken_off
from tests.systems.policy import tiny
from tfstory.training.checkpoints import Position

CHANGES = {
    "data.builder.oracle": "file",
    "stages.likelihood.epochs": 0,
    "stages.discriminator.epochs": 0,
    "stages.adversarial.epoch_steps": 7,
    # Compares with training sequences, which come back with the weights.
    "reward.objectives": ("bleu",),
    "reward.discriminator_share": 0.5,
    "reward.bleu_references": 5,
    "training.checkpoint_every_steps": 1,
}
# Rounds of three steps: broken off inside one, after two.
STEPS = {
    **tiny.NO_L2,
    "model.discriminator": "gru",
    "model.noise": 1.0,
    "stages.adversarial.set_size": 4,
    "reward.form": "steps",
}
# Rounds of five: a step of the policy, and two passes over two batches, broken
# off in the second round, whose roll-outs are by more than one policy.
ROLL_OUTS = {
    "stages.adversarial.set_size": 8,
    "stages.adversarial.roll_out_decay": 0.5,
    "stages.adversarial.epochs": 2,
    "reward.roll_outs": 2,
}


def _run(workdir, changes):
    system = tiny.seq_gan(CHANGES | changes)
    train, validation = (
        tiny.raw_batch(system, count, seed) for count, seed in ((10, 0), (4, 1))
    )
    return broken_off.train(system, train, validation, workdir)


@pytest.mark.parametrize(
    ("changes", "moment"),
    [(STEPS, Position(0, 0, 5)), (ROLL_OUTS, Position(0, 1, 2))],
    ids=["steps", "roll_outs"],
)
def test_a_broken_run_ends_where_an_unbroken_one_ends(
    tmp_path, monkeypatch, changes, moment
):
    whole, rows = _run(tmp_path / "whole", changes)
    samples = tmp_path / "whole" / "samples"
    assert {"adversarial_epoch_001.txt", "final.txt"} <= {
        path.name for path in samples.iterdir()
    }
    assert "generated:\n  " in (samples / "final.txt").read_text()
    broken, broken_rows = broken_off.go_on(
        lambda: _run(tmp_path / "broken", changes), moment, monkeypatch
    )
    assert rows[-1]["validation"]["objective"] > 0
    for part in ("train", "validation"):
        assert rows[-1][part] == pytest.approx(
            broken_rows[-1][part], rel=0, abs=0, nan_ok=True
        )
    broken_off.assert_same_weights(broken, whole)
    tokens = tiny.batch(whole)["tokens"]
    rewards, again = (
        system.networks["references"].reward()(tokens, tf.ones(tokens.shape))
        for system in (whole, broken)
    )
    assert np.any(rewards > 0)
    np.testing.assert_array_equal(rewards, again)
