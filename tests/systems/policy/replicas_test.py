"""Two replicas with unequal shards end with the weights of one device."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems import batches as batches_lib
from tests.systems.policy import tiny
from tfstory.systems.policy import baselines, optimizers

STEPS = 4
# A round is a step of each player.
_ROUNDS = {
    "stages.adversarial.set_size": 4,
    "stages.adversarial.passes": 1,
    "stages.adversarial.policy_learning_rate": 0.3,
    "stages.adversarial.discriminator_learning_rate": 0.3,
    # Dropout differs from replica to replica.
    "model.discriminator_dropout": 0.0,
}
_LIKELIHOOD = {
    "model.noise": 1.0,
    "stages.likelihood.learning_rate": 0.3,
    # Short enough to cut gradients.
    "stages.likelihood.clip_norm": 0.2,
}
CASES = {
    "likelihood": ("text_gan", "likelihood", _LIKELIHOOD),
    "scheduled_sampling": (
        "text_gan",
        "likelihood",
        {**_LIKELIHOOD, "stages.likelihood.scheduled_sampling": 0.9},
    ),
    "steps": (
        "text_gan",
        "adversarial",
        {
            **_ROUNDS,
            "model.noise": 1.0,
            "reward.baseline": baselines.LEARNED,
            "stages.adversarial.clip_norm": 0.2,
            "stages.adversarial.likelihood_weight": 0.5,
        },
    ),
    "roll_outs": (
        "seq_gan",
        "adversarial",
        {
            **_ROUNDS,
            "reward.baseline": baselines.BATCH,
            "reward.discriminator_share": 0.5,
            "data.dataset": "melodies",
            "reward.objectives": ("ratio_of_steps",),
            "reward.punish_repeats": True,
            "stages.adversarial.roll_out_decay": 0.5,
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_two_replicas_equal_one_device(
    case, tmp_path, two_replicas, monkeypatch
):
    """Noise and what is written included; by SGD, as Adam blows rounding up."""
    kind, name, changes = CASES[case]
    monkeypatch.setattr(optimizers, "Adam", keras.optimizers.SGD)

    def trained(strategy):
        with strategy.scope():
            system = (
                tiny.seq_gan(changes)
                if kind == "seq_gan"
                else tiny.text_gan(tmp_path, changes)
            )
            stage = tiny.stage(system, name, STEPS)
        before = tiny.weights(system)
        parts = [(tiny.batch(system), 5)] * STEPS
        logs = batches_lib.fit(stage, strategy, parts)
        found = tiny.changed(system, before)
        return tiny.weights(system), found, {k: v[-1] for k, v in logs.items()}

    one, one_changed, one_logs = trained(tf.distribute.get_strategy())
    two, two_changed, two_logs = trained(two_replicas)
    assert one_changed == two_changed
    assert two_logs == pytest.approx(one_logs, rel=1e-4, abs=1e-6)
    for path, weight in one.items():
        np.testing.assert_allclose(two[path], weight, atol=1e-5, err_msg=path)


def test_a_replica_without_examples_takes_part(two_replicas):
    """The last batch of a pass may be too short for all."""
    with two_replicas.scope():
        changes = {"model.discriminator": "gru", **tiny.NO_L2}
        system = tiny.seq_gan(_ROUNDS | changes)
        stage = tiny.stage(system, steps=2)
    parts = [(tiny.batch(system, 1), 1)] * 2
    logs = batches_lib.fit(stage, two_replicas, parts)
    assert all(np.isfinite(values[-1]) for values in logs.values())
    assert 0 < logs["return"][0] < 1
    assert all(np.all(np.isfinite(w)) for w in tiny.weights(system).values())
