"""A run that is broken off ends where an unbroken one ends."""

from tests.systems import broken_off
from tests.systems.story_gan import tiny
from tfstory.training.checkpoints import Checkpoints, Position


def _step(system, stage, number):
    stage.train_step(system.prepare(tiny.raw_batch(3, number)))


def test_a_broken_stage_ends_where_an_unbroken_one_ends(tmp_path):
    """Three optimizers, the average and the spectra have their states.

    By its checkpoint alone; how the runner takes one up is tested with it.
    """
    whole = tiny.system(tmp_path)
    stage = tiny.stage(whole)
    for number in range(2):
        _step(whole, stage, number)
    checkpoints = Checkpoints(tmp_path / "checkpoints", keep=1)
    checkpoints.save(Position(0, 0, 2), whole.networks, stage)
    _step(whole, stage, 2)

    broken = tiny.system(tmp_path)
    stage = tiny.stage(broken)
    path, position = checkpoints.latest()
    checkpoints.load(path, broken.networks, stage)
    _step(broken, stage, position.step)
    broken_off.assert_same_weights(broken, whole)
