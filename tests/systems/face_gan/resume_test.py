"""A run that is broken off ends where an unbroken one ends."""

from tests.systems import broken_off
from tests.systems.face_gan import tiny
from tfstory.training.checkpoints import Position


def _run(workdir):
    system = tiny.system(epochs=2, batch_size=4)
    system.config.training.checkpoint_every_steps = 1
    train, validation = tiny.raw_batch(10), tiny.raw_batch(4, 1)
    return broken_off.train(system, train, validation, workdir)


def test_a_broken_run_ends_where_an_unbroken_one_ends(tmp_path, monkeypatch):
    whole, rows = _run(tmp_path / "whole")
    sheets = {p.name for p in (tmp_path / "whole" / "samples").iterdir()}
    # One an epoch stays: after epochs 2, 5, 10 and 17 too.
    assert sheets == {
        "adversarial.gif",
        "adversarial_epoch_001.png",
        "adversarial_epoch_002.png",
        "final.png",
    }
    broken, broken_rows = broken_off.go_on(
        lambda: _run(tmp_path / "broken"), Position(0, 1, 2), monkeypatch
    )
    broken_off.assert_same_weights(broken, whole)
    assert [r["validation"] for r in rows] == [
        r["validation"] for r in broken_rows
    ]
