"""StoryGAN in mixed precision."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.systems.story_gan.adversarial import (
    IMAGE_DISCRIMINATOR_LOSS,
    STORY_DISCRIMINATOR_LOSS,
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
