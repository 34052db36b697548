"""A policy that is kept from choosing few tokens alone."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.systems import replicas
from tfstory.systems.policy import baselines, rewards

# Every sequence earns the same, as much as is expected: nothing is learnt
# from the reward.
EVEN = {
    "model.discriminator": "none",
    "reward.form": rewards.STEPS,
    "reward.discriminator_share": 0.0,
    "reward.objectives": ("constant",),
    "reward.baseline": baselines.BATCH,
    "reward.discount": 1.0,
    "stages.discriminator.epochs": 0,
    "stages.adversarial.discriminator_sets": 0,
}


def _stage(weight):
    system = tiny.seq_gan({**EVEN, "stages.adversarial.entropy_weight": weight})
    return system, tiny.stage(system)


def test_its_entropy_is_that_of_what_it_might_have_written():
    """Against NumPy, in nats a token."""
    system, stage = _stage(0.5)
    policy = system.model.policy
    count = tf.constant(4)
    tokens, noise = system.model.write(
        replicas.shard(count), count, tf.constant([1, 2])
    )
    parts = stage._policy_parts(tokens, noise, tf.ones(tokens.shape))
    logits = policy.logits(policy.read(tokens, policy.state_of(noise)))
    logs = tf.nn.log_softmax(logits).numpy()
    expected = -np.sum(np.exp(logs) * logs, axis=-1).mean()
    assert float(parts["policy_entropy"].share) == pytest.approx(
        expected, rel=1e-5
    )


def test_it_is_raised_by_its_weight():
    system, stage = _stage(1.0)
    batch = tiny.batch(system)
    first, *_, last = (
        float(stage.kinds()[1][1](batch)["policy_entropy"]) for _ in range(6)
    )
    # What is shown is the mean over the steps so far.
    assert last > first + 1e-3


def test_without_a_weight_it_is_not_asked_for():
    system, stage = _stage(0.0)
    before = tiny.weights(system)
    assert "policy_entropy" not in tiny.step(stage, tiny.batch(system))
    # Where all earn the same there is no other gradient.
    for path, weight in tiny.weights(system).items():
        np.testing.assert_allclose(weight, before[path], atol=1e-6)
