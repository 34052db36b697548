"""Refuses configs that face_gan cannot be made from."""

import ml_collections

from tfstory import augment
from tfstory.errors import UserError
from tfstory.losses import adversarial
from tfstory.systems.checks import at_least, one_of, share, smooth
from tfstory.systems.face_gan import defaults
from tfstory.systems.face_gan.convolutional import SMALLEST_MAP

# What the sliced Wasserstein distance looks at.
_SMALLEST_SIZE = 16


def check(config: ml_collections.ConfigDict) -> None:
    """Checks what would fail deep inside a network, or silently.

    Args:
      config: the run's config.

    Raises:
      UserError: names the key and a value that works.
    """
    model, stage = config.model, config.stages.adversarial
    at_least(config.data, "data", image_size=_SMALLEST_SIZE)
    at_least(model, "model", latent_size=1, maxout_pieces=1)
    at_least(
        stage,
        "stages.adversarial",
        discriminator_steps=1,
        generator_steps=1,
        r1_weight=0.0,
        r1_every=1,
    )
    one_of("model.form", model.form, (defaults.DENSE, defaults.CONVOLUTIONAL))
    one_of("stages.adversarial.loss", stage.loss, adversarial.FORMS)
    smooth(
        stage,
        "stages.adversarial",
        r1_weight=stage.r1_weight,
        spectral_normalization=model.spectral_normalization,
    )
    for policy in stage.augmentation:
        one_of("stages.adversarial.augmentation", policy, augment.POLICIES)
    share(model, "model", "ema_decay", one=False)
    share(stage, "stages.adversarial", "beta_1", one=False)
    for key in ("generator_widths", "discriminator_widths"):
        if not model[key] or min(model[key]) < 1:
            raise UserError(
                f"config.model.{key} must have a width of 1 or more for each "
                f"layer, not {model[key]}"
            )
    if model.form == defaults.DENSE and model.spectral_normalization:
        raise UserError(
            "config.model.spectral_normalization is for the convolutional "
            "form; set it to False with config.model.form 'dense'"
        )
    if model.form == defaults.CONVOLUTIONAL:
        _check_sizes(config.data.image_size, model)


def _check_sizes(size, model):
    doublings = len(model.generator_widths) - 1
    if size != SMALLEST_MAP * 2**doublings:
        raise UserError(
            f"config.model.generator_widths has {doublings + 1} widths, for "
            f"pictures of {SMALLEST_MAP * 2**doublings} pixels, but "
            f"config.data.image_size is {size}; give a width for "
            f"{SMALLEST_MAP} pixels and one for each doubling"
        )
    if size % 2 ** len(model.discriminator_widths):
        raise UserError(
            f"config.model.discriminator_widths halves {size} pixels "
            f"{len(model.discriminator_widths)} times, which does not come "
            f"out even; give {doublings} widths"
        )
