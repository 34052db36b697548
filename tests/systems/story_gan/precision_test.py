"""StoryGAN in mixed precision, and compiled by XLA."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.systems.story_gan import noise
from tfstory.systems.story_gan.adversarial import (
    IMAGE_DISCRIMINATOR_LOSS,
    STORY_DISCRIMINATOR_LOSS,
)

_NOISE = noise.Noise(
    tf.random.stateless_normal([3, 8], [1, 2]),
    tf.random.stateless_normal([3, tiny.FRAMES, 3], [3, 4]),
)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_losses_are_float32_in_mixed_precision(tmp_path, policy):
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(policy)
    try:
        system = tiny.system(tmp_path, stage={"r1_weight": 0.1})
        stage = tiny.stage(system)
        parts = stage.generator_losses(tiny.pictured(system))
        found = stage.pairs(tiny.pictured(system))
        for name in (IMAGE_DISCRIMINATOR_LOSS, STORY_DISCRIMINATOR_LOSS):
            parts[name] = stage.discriminator_loss(name, found)
        shown = stage.train_step(system.prepare(tiny.raw_batch()))
    finally:
        keras.mixed_precision.set_dtype_policy(before)
    assert all(part.share.dtype == tf.float32 for part in parts.values())
    assert all(np.isfinite(float(value)) for value in shown.values())
    for optimizer in (stage.image_optimizer, stage.story_optimizer):
        scales = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        assert scales == (policy == "mixed_float16")


def test_xla_gives_the_same(tmp_path, monkeypatch):
    """Training steps and validation's, which ask for no string operations."""
    # XLA draws other numbers of the same seed.
    for name in ("of_step", "of_seeds"):
        monkeypatch.setattr(noise, name, lambda *_: _NOISE)
    shown = []
    for jit in (False, True):
        system = tiny.system(tmp_path)
        stage = tiny.stage(system)
        batch = system.prepare(tiny.raw_batch())
        train, test = stage.train_step, stage.test_step
        if jit:
            train = tf.function(train, jit_compile=True)
            test = tf.function(test, jit_compile=True)
        # Before any step: Adam's first turns rounding into steps.
        shown.append(
            {
                name: float(value)
                for values in (test(batch), train(batch))
                for name, value in values.items()
            }
        )
    plain, compiled = shown
    assert compiled == pytest.approx(plain, rel=1e-3, abs=1e-4)
