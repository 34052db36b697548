"""StoryReasoning's two stages on two replicas, as on one device."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems import batches as batches_lib
from tests.systems.story_reasoning import tiny

STAGES = {"autoencoder": 0, "sequence": 1}


def _made(directory, stage, strategy, name="shapes", clip=0.0):
    """Returns a stage that learns by SGD, and all weights.

    Adam blows rounding up, where a gradient is nearly zero, to whole steps.
    That Adam's steps agree too is tested with the runner.
    """
    with strategy.scope():
        system = tiny.system(directory, name)
        system.config.stages.sequence.clip_norm = clip
        made = system.stages()[STAGES[stage]].build(10)
        made.compile(optimizer=keras.optimizers.SGD(0.1))
        made.optimizer.build(made.trained_variables())
    networks = system.networks.values()
    return made, [weight for network in networks for weight in network.weights]


@pytest.mark.parametrize(
    ("name", "stage", "clip"),
    [
        ("shapes", "autoencoder", 0.0),
        ("shapes", "sequence", 0.1),
        ("seed", "autoencoder", 0.0),
        ("seed", "sequence", 0.0),
    ],
)
def test_two_replicas_equal_one_device(
    tmp_path, two_replicas, name, stage, clip
):
    """Shards of 2 and 1 stories, with captions of unequal lengths.

    What clipping would hide of the shapes' form is seen in the next test.
    """
    prepared = tiny.with_unequal_changes(
        tiny.system(tmp_path).prepare(tiny.raw_batch(3, seed=1))
    )

    def trained(strategy):
        made, weights = _made(tmp_path, stage, strategy, name, clip)
        history = batches_lib.fit(made, strategy, [(prepared, 2)] * 3)
        values = [(weight.path, weight.numpy()) for weight in weights]
        return values, history["loss"][-1]

    one, one_loss = trained(tf.distribute.get_strategy())
    two, two_loss = trained(two_replicas)
    assert one_loss == pytest.approx(two_loss, rel=1e-5)
    # Keras numbers layers on through the process.
    for (path, mine), (_, theirs) in zip(one, two, strict=True):
        np.testing.assert_allclose(theirs, mine, atol=2e-5, err_msg=path)


@pytest.mark.parametrize("stage", list(STAGES))
def test_a_replica_may_have_no_story(tmp_path, two_replicas, stage):
    """As in a last batch smaller than the replicas."""
    batches_lib.check_a_replica_of_none(
        functools.partial(_made, tmp_path, stage),
        two_replicas,
        tiny.system(tmp_path).prepare(tiny.raw_batch(1)),
    )
