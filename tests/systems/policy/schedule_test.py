"""Rounds of algorithm 1: whose step it is, and on which sequences."""

import ml_collections
import pytest
import tensorflow as tf

from tfstory.systems.policy import schedule
from tfstory.systems.policy.schedule import Schedule

_FIRST, _POLICY, _DISCRIMINATOR = (
    schedule.FIRST_POLICY_STEP,
    schedule.POLICY_STEP,
    schedule.DISCRIMINATOR_STEP,
)


@pytest.mark.parametrize(
    ("steps", "kinds"),
    [
        ((2, 1, 1, 2), [_FIRST, _POLICY, _DISCRIMINATOR, _DISCRIMINATOR]),
        ((1, 1, 3, 1), [_FIRST] + 3 * [_DISCRIMINATOR]),
        ((0, 1, 1, 2), 2 * [_DISCRIMINATOR]),
        ((2, 0, 1, 1), [_FIRST, _POLICY]),
    ],
)
def test_rounds_repeat(steps, kinds):
    made = Schedule(*steps)
    assert made.steps == len(kinds)
    found = [made.kind(step) for step in range(2 * len(kinds))]
    assert found == 2 * kinds


@pytest.mark.parametrize("steps", [(2, 1, 1, 2), (3, 2, 2, 1), (0, 1, 1, 1)])
def test_policy_steps_are_counted_in_broken_rounds_too(steps):
    made = Schedule(*steps)
    for count in range(3 * made.steps):
        kinds = [made.kind(step) for step in range(count)]
        expected = count - kinds.count(_DISCRIMINATOR)
        assert made.policy_steps_of(count) == expected


def test_each_pass_over_a_set_takes_its_batches():
    # Two sets a round, of three batches each, seen twice.
    made = Schedule(policy_steps=5, sets=2, passes=2, batches=3)
    found = [int(made.batch_of(tf.constant(step))) for step in range(24)]
    sets = [range(3 * number, 3 * number + 3) for number in range(4)]
    assert found == [batch for one in sets for batch in [*one, *one]]


def test_a_set_has_as_many_batches_as_fit():
    config = ml_collections.ConfigDict(
        dict(
            policy_steps=1,
            discriminator_sets=5,
            passes=3,
            set_size=10_000,
            batch_size=64,
        )
    )
    assert Schedule.of(config) == Schedule(1, 5, 3, 156)
    config.batch_size = 20_000
    assert Schedule.of(config).batches == 1
