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


@pytest.mark.usefixtures("tiny_minilm")
@pytest.mark.parametrize("form", list(FORMS))
def test_two_replicas_equal_one_device(
    tmp_path, two_replicas, form, monkeypatch
):
    """Shards of 2 and 1 stories, with the same noise for each story.

    By SGD: Adam blows rounding up, where a gradient is nearly zero, to whole
    steps. That Adam's steps agree too is tested with the runner.
    """
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
    raw = tiny.raw_batch(3, seed=1)

    def trained(strategy):
        with strategy.scope():
            system = tiny.system(tmp_path, **FORMS[form])
            stage = tiny.stage(system)
            stage.use_optimizers(
                *(keras.optimizers.SGD(0.05) for _ in stage.adams())
            )
        prepared = system.prepare(raw)
        batches = batches_lib.repeated(strategy, prepared, 2, 2)
        history = stage.fit(
            batches, steps_per_epoch=2, shuffle=False, verbose=0
        ).history
        return tiny.weights(system), {k: v[-1] for k, v in history.items()}

    one, one_losses = trained(tf.distribute.get_strategy())
    two, two_losses = trained(two_replicas)
    assert one_losses == pytest.approx(two_losses, rel=1e-4, abs=1e-6)
    assert list(one) == list(two)
    for path, weight in one.items():
        np.testing.assert_allclose(two[path], weight, atol=3e-5, err_msg=path)
