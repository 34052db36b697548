"""StoryGAN on two replicas, as on one device."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems import batches as batches_lib
from tests.systems.story_gan import tiny
from tfstory.systems.story_gan import noise, pairs

# What training has of its own beside the defaults, as configs say it.
FORMS = {
    "hinge": {"stage": {"r1_weight": 0.5}},
    "minimax": {
        "stage": {
            "loss": "minimax",
            "mismatched": False,
            "image_batch_size": 6,
            "generator_steps": 2,
            "story_discriminator_steps": 2,
        },
        "generator_normalization": "group",
        "generator_width": 16,
        "spectral_normalization": False,
        "discriminator_normalization": "batch",
        "sentence_encoder": "bag",
    },
    "l1": {
        "discriminators": False,
        "ema_decay": 0.0,
        "sentence_encoder": "minilm",
    },
}


@pytest.fixture
def same_noise(monkeypatch):
    """The same noise and the same frames for each story."""
    monkeypatch.setattr(
        noise,
        "of_step",
        lambda seed, batch, frames, context_size, noise_size: noise.Noise(
            tf.fill([batch, context_size], 0.6),
            tf.fill([batch, frames, noise_size], -0.4),
        ),
    )
    monkeypatch.setattr(
        pairs,
        "choose",
        lambda seed, batch, all_frames, count: (
            tf.tile([[3, 1]], [batch, 1]) if count else None
        ),
    )


def _trained(tmp_path, form, raws, strategy, graph=True, validated=False):
    """Trains; returns the system's weights and all losses.

    By SGD: Adam blows rounding up, where a gradient is nearly zero, to whole
    steps. That Adam's steps agree too is tested with the runner.

    Args:
      raws: raw batches, a step each. Of one, the first of two replicas gets
        all stories but the last, or the only one.
      graph: as in `batches.fit`.
      validated: bool, whether to validate by the last batch too.
    """
    with strategy.scope():
        system = tiny.system(tmp_path, **FORMS[form])
        stage = tiny.stage(system)
        stage.use_optimizers(
            *(keras.optimizers.SGD(0.05) for _ in stage.adams())
        )
    parts = [
        (system.prepare(raw), max(1, len(raw["images"]) - 1)) for raw in raws
    ]
    validation = {}
    if validated:
        last = batches_lib.dataset(strategy, parts[-1:])
        validation = {"validation_data": last, "validation_steps": 1}
    history = batches_lib.fit(stage, strategy, parts, graph, **validation)
    return tiny.weights(system), {k: v[-1] for k, v in history.items()}


def _assert_equal(one, two):
    (weights, losses), (other_weights, other_losses) = one, two
    assert losses == pytest.approx(other_losses, rel=1e-4, abs=1e-6)
    assert list(weights) == list(other_weights)
    for path, weight in weights.items():
        np.testing.assert_allclose(
            other_weights[path], weight, atol=3e-5, err_msg=path
        )


@pytest.mark.usefixtures("tiny_minilm", "same_noise")
@pytest.mark.parametrize("form", ["minimax", "l1"])
def test_two_replicas_equal_one_device(tmp_path, two_replicas, form):
    """Shards of 2 and 1 stories."""
    raws = [tiny.raw_batch(3, seed=1)] * 2
    one, two = (
        _trained(tmp_path, form, raws, strategy)
        for strategy in (tf.distribute.get_strategy(), two_replicas)
    )
    _assert_equal(one, two)


@pytest.mark.usefixtures("same_noise")
def test_a_replica_may_have_no_story(tmp_path, two_replicas):
    """Shards of 2 and 1 stories, then a short last batch: of 1 and 0."""
    raws = [tiny.raw_batch(3, seed=1), tiny.raw_batch(1)]
    one, two = (
        _trained(tmp_path, "hinge", raws, strategy, graph=False, validated=True)
        for strategy in (tf.distribute.get_strategy(), two_replicas)
    )
    _assert_equal(one, two)
