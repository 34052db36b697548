"""Configs that StoryGAN refuses, and those that it comes with."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems import configs
from tests.systems.story_gan import tiny
from tfstory.errors import UserError
from tfstory.losses import adversarial
from tfstory.losses.divergence import kl_to_standard_normal
from tfstory.systems.story_gan.system import StoryGan

CONFIGS = ["shapes", "clevr_sv", "codraw", "african_storybook", "paper"]


@pytest.mark.parametrize("name", CONFIGS)
def test_the_projects_configs_are_sound(name):
    config = tiny.config(name)
    StoryGan.check(config)
    assert set(config.pipeline.gates) <= set(StoryGan.ratios)


def test_the_published_codes_losses():
    """Cross-entropy against real labels; a mean KL over the dimensions."""
    config = configs.load("story_gan", "paper")
    stage = config.stages.adversarial
    logits = tf.constant([-2.0, 3.0])
    np.testing.assert_allclose(
        adversarial.generator_losses(logits, stage.loss),
        -np.log(1 / (1 + np.exp(-logits.numpy()))),
        rtol=1e-5,
    )
    mean, log_variance = np.random.default_rng(0).normal(
        size=[2, 3, config.model.context_size]
    )
    each = (np.exp(log_variance) + mean**2 - 1 - log_variance) / 2
    np.testing.assert_allclose(
        stage.loss_weights.kl_loss * kl_to_standard_normal(mean, log_variance),
        each.mean(axis=-1),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data.image_size", 48, "choose one of 16, 32, 64"),
        ("data.frames", 0, "config.data.frames must be 1 or more"),
        ("data.vocabulary_size", 4, "must be 5 or more"),
        (
            "model.sentence_encoder",
            "bert",
            "choose one of gru, convolution, bag",
        ),
        (
            "model.generator_normalization",
            "layer",
            "choose one of batch, group",
        ),
        ("model.filter_size", 4, "must be odd and at most context_size"),
        ("model.filter_size", 9, "must be odd and at most context_size"),
        ("model.ema_decay", 1.0, "without 1, not 1.0"),
        ("stages.reconstruction.beta_1", 1.0, "beta_1 must be from 0 up"),
        (
            "stages.adversarial.loss",
            "wasserstein",
            "minimax, non_saturating, hinge",
        ),
        ("stages.adversarial.image_batch_size", 4, "a multiple of batch_size"),
        ("stages.adversarial.image_batch_size", 18, "at most 5 times it"),
        ("stages.adversarial.generator_steps", 0, "must be 1 or more"),
        ("stages.adversarial.epochs", 0, "must be 1 or more"),
        ("stages.reconstruction.epochs", -1, "must be 0 or more"),
        ("stages.reconstruction.halve_every_epochs", -1, "must be 0 or more"),
        ("stages.adversarial.r1_weight", -1.0, "must be 0.0 or more"),
        (
            "stages.adversarial.loss_weights.kl_loss",
            -0.1,
            "loss_weights.kl_loss must be 0.0 or more",
        ),
    ],
)
def test_what_cannot_work_is_refused(key, value, message):
    config = tiny.config()
    config.update_from_flattened_dict({key: value})
    with pytest.raises(UserError, match=message):
        StoryGan.check(config)


@pytest.mark.parametrize(
    ("size", "multiple"), [(16, 4), (32, 8), (64, 16), (128, 32), (256, 64)]
)
def test_groups_need_channels_in_every_map(size, multiple):
    def check(width):
        config = tiny.config(
            generator_normalization="group", generator_width=width
        )
        config.data.image_size = size
        StoryGan.check(config)

    check(multiple)
    check(3 * multiple)
    # One more has as many in the last map, and not in those before.
    for width in (1, multiple // 2, multiple + 1):
        with pytest.raises(
            UserError, match=f"generator_width must be a multiple of {multiple}"
        ):
            check(width)


def test_the_discriminators_groups_need_channels():
    def check(width):
        StoryGan.check(
            tiny.config(
                discriminator_normalization="group", discriminator_width=width
            )
        )

    check(4)
    with pytest.raises(
        UserError, match="discriminator_width must be a multiple of 4, not 6"
    ):
        check(6)


def test_r1_and_batch_normalisation_do_not_go_together():
    config = tiny.config(
        stage={"r1_weight": 1.0}, discriminator_normalization="batch"
    )
    with pytest.raises(UserError, match="looks at each picture by itself"):
        StoryGan.check(config)


def test_a_generator_must_learn_from_something():
    config = tiny.config(discriminators=False)
    config.stages.reconstruction.epochs = 0
    with pytest.raises(UserError, match="reconstruction.epochs to 1 or more"):
        StoryGan.check(config)


def test_a_reconstruction_must_learn_from_pictures():
    config = tiny.config()
    config.stages.reconstruction.epochs = 1
    StoryGan.check(config)
    config.stages.reconstruction.loss_weights.l1_loss = 0.0
    config.stages.reconstruction.loss_weights.l2_loss = 0.0
    with pytest.raises(UserError, match="learns from no picture"):
        StoryGan.check(config)


def test_keep_best_names_a_metric(tmp_path):
    system = tiny.system(tmp_path, stage={"keep_best": "fid"})
    with pytest.raises(UserError, match="choose one of ssim"):
        system.stages()
