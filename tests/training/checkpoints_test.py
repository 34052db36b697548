"""Tests how many checkpoints of a run stay."""

import types

import keras
import pytest

from tests.training import toy
from tfstory.errors import UserError
from tfstory.training import checkpoints
from tfstory.training.checkpoints import Checkpoints, Position


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_keeps_the_newest_and_where_a_stage_can_go_on(tmp_path, keep):
    config = toy.config()
    system = toy.Toy(config)
    stage = toy.First("first", system, config.stages.first, 4)
    kept = Checkpoints(tmp_path / "checkpoints", keep)
    for epoch in range(1, 5):
        kept.save(Position(0, epoch, 0), system.networks, stage)
        names = {path.stem for path in (tmp_path / "checkpoints").iterdir()}
        newest = range(max(1, epoch - keep + 1), epoch + 1)
        assert names == {f"ckpt-{number}" for number in newest}
    kept.save(Position(1, 0, 0), system.networks, None)
    assert kept.latest()[1] == (1, 0, 0)
    assert not checkpoints.has_left(tmp_path, 0)
    assert kept.latest(0)[1] == (0, 4, 0)


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (Position(0, 0, 0), "stage first, epoch 1"),
        (Position(0, 1, 3), "stage first, epoch 2, step 4"),
        # Killed between an epoch's end and the stage's.
        (Position(0, 4, 0), "stage second, epoch 1"),
        (Position(1, 2, 0), "the end of stage second"),
    ],
)
def test_a_position_names_what_comes_next(position, words):
    plans = [
        types.SimpleNamespace(name="first", epochs=4),
        types.SimpleNamespace(name="second", epochs=2),
    ]
    assert position.in_words(plans) == words


def test_a_checkpoint_of_other_shapes_is_refused(tmp_path):
    """As a config with other sizes, or an earlier version, leaves it."""
    config = toy.config()
    system = toy.Toy(config)
    kept = Checkpoints(tmp_path / "checkpoints", 1)
    kept.save(Position(0, 1, 0), system.networks, None)

    class Wider:
        networks = {
            name: keras.Sequential([keras.Input((7,)), keras.layers.Dense(9)])
            for name in system.networks
        }

    with pytest.raises(UserError, match="model with other weights"):
        checkpoints.restore(Wider, tmp_path)
