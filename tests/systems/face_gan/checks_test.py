"""Configs that face_gan refuses, each with the key and what works."""

import pytest

from tests.systems.face_gan import tiny
from tfstory.errors import UserError
from tfstory.systems.face_gan.system import FaceGan


@pytest.mark.parametrize("name", ["celeba", "picture_folder", "seed"])
def test_the_configs_are_good(name):
    FaceGan.check(tiny.config(name))


@pytest.mark.parametrize(
    ("group", "key", "value", "reason"),
    [
        ("data", "image_size", 8, "16 or more"),
        ("data", "image_size", 32, "generator_widths has 3 widths"),
        ("model", "form", "both", "choose one of dense, convolutional"),
        ("model", "form", "dense", "spectral_normalization is for the"),
        ("model", "latent_size", 0, "1 or more"),
        ("model", "generator_widths", (), "width of 1 or more"),
        ("model", "discriminator_widths", (4,) * 5, "come out even; give 2"),
        ("stage", "loss", "square", "choose one of minimax"),
        ("stage", "augmentation", ("blur",), "choose one of color"),
        ("model", "ema_decay", 1.0, "without 1, not 1.0"),
        ("stage", "beta_1", -0.1, "without 1, not -0.1"),
        ("stage", "discriminator_steps", 0, "1 or more"),
        ("stage", "r1_every", 0, "1 or more"),
    ],
)
def test_refused(group, key, value, reason):
    config = tiny.config()
    part = {
        "data": config.data,
        "model": config.model,
        "stage": config.stages.adversarial,
    }[group]
    part[key] = value
    with pytest.raises(UserError, match=reason) as error:
        FaceGan.check(config)
    assert key in str(error.value)


def test_keep_best_names_a_metric():
    system = tiny.system(keep_best="beauty")
    with pytest.raises(UserError, match="choose one of energy_random"):
        system.stages()


def test_a_critic_is_kept_smooth_by_something():
    config = tiny.config()
    stage = config.stages.adversarial
    stage.loss, stage.r1_weight = "wasserstein", 0.0
    config.model.spectral_normalization = True
    FaceGan.check(config)
    config.model.spectral_normalization = False
    with pytest.raises(UserError, match="set r1_weight or spectral_norm"):
        FaceGan.check(config)
    stage.r1_weight = 1.0
    FaceGan.check(config)
