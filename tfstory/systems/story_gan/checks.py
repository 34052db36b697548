"""Refuses configs that StoryGAN cannot be made from."""

import ml_collections

from tfstory.errors import UserError
from tfstory.layers import normalization, readers
from tfstory.losses import adversarial
from tfstory.systems.checks import at_least, one_of, share, vocabulary
from tfstory.systems.story_gan import pictures

# The pretrained sentence encoder, beside the readers that learn.
MINILM = "minilm"
# Positions that it knows.
_MINILM_TOKENS = 512
# From SSIM's window up to what training can be hoped to fill.
_SIZES = (16, 32, 64, 128, 256)
# Of the four, the one that needs the discriminator to be kept smooth by means
# that this system does not have.
_LOSSES = tuple(
    form for form in adversarial.FORMS if form != adversarial.WASSERSTEIN
)


def check(config: ml_collections.ConfigDict) -> None:
    """Checks what would fail deep inside a network, or silently.

    Args:
      config: the run's config.

    Raises:
      UserError: names the key and a value that works.
    """
    data, model = config.data, config.model
    one_of("data.image_size", data.image_size, _SIZES)
    at_least(data, "data", frames=1, max_tokens=3, min_word_count=1)
    vocabulary(data)
    at_least(
        model,
        "model",
        embedding_size=1,
        sentence_size=1,
        units=1,
        context_size=1,
        noise_size=1,
        filter_size=1,
        filter_channels=1,
        generator_width=1,
        attention_hops=0,
        attention_units=4,
        discriminator_width=1,
        discriminator_features=1,
    )
    one_of(
        "model.sentence_encoder",
        model.sentence_encoder,
        (*readers.KINDS, MINILM),
    )
    if model.sentence_encoder == MINILM and data.max_tokens > _MINILM_TOKENS:
        raise UserError(
            f"config.data.max_tokens must be at most {_MINILM_TOKENS} for "
            f"config.model.sentence_encoder {MINILM!r}, not {data.max_tokens}"
        )
    for part in ("generator", "discriminator"):
        key = f"{part}_normalization"
        one_of(f"model.{key}", model[key], normalization.KINDS)
    if model.filter_size % 2 == 0 or model.filter_size > model.context_size:
        raise UserError(
            "config.model.filter_size must be odd and at most context_size "
            f"({model.context_size}), not {model.filter_size}"
        )
    share(model, "model", "ema_decay", one=False)
    _check_groups(model, data.image_size)
    _check_stage(config)


def _check_groups(model, image_size):
    # The generator's map of FIRST_WIDTHS widths halves its channels as often
    # as it doubles its side; the discriminator's narrowest has two widths.
    growth = image_size // pictures.FIRST_SIDE
    for part, multiple in (
        (
            "generator",
            normalization.GROUPS * growth // pictures.FIRST_WIDTHS,
        ),
        ("discriminator", normalization.GROUPS // 2),
    ):
        width = model[f"{part}_width"]
        if model[f"{part}_normalization"] == "group" and width % multiple:
            raise UserError(
                f"config.model.{part}_normalization 'group' has groups of "
                f"{normalization.GROUPS} channels in every map, so "
                f"config.model.{part}_width must be a multiple of {multiple}, "
                f"not {width}"
            )


def _check_stage(config):
    stages, model = config.stages, config.model
    stage = stages.adversarial
    path = "stages.adversarial"
    at_least(
        stage,
        path,
        image_batch_size=0,
        image_discriminator_steps=1,
        story_discriminator_steps=1,
        generator_steps=1,
        r1_weight=0.0,
    )
    for name, settings in stages.items():
        at_least(
            settings.loss_weights,
            f"stages.{name}.loss_weights",
            **dict.fromkeys(settings.loss_weights, 0.0),
        )
        at_least(settings, f"stages.{name}", halve_every_epochs=0)
        share(settings, f"stages.{name}", "beta_1", one=False)
    weights = stages.reconstruction.loss_weights
    if stages.reconstruction.epochs and not weights.l1_loss + weights.l2_loss:
        raise UserError(
            "config.stages.reconstruction learns from no picture: set its "
            "loss_weights.l1_loss or its loss_weights.l2_loss to 1.0"
        )
    one_of(f"{path}.loss", stage.loss, _LOSSES)
    frames, all_frames = divmod(stage.image_batch_size, stage.batch_size)
    if all_frames or frames > config.data.frames:
        raise UserError(
            f"config.{path}.image_batch_size counts frames and must be a "
            f"multiple of batch_size ({stage.batch_size}), at most "
            f"{config.data.frames} times it, or 0 for all frames; not "
            f"{stage.image_batch_size}"
        )
    if stage.r1_weight and model.discriminator_normalization == "batch":
        raise UserError(
            f"config.{path}.r1_weight needs a discriminator that looks at "
            "each picture by itself: set "
            "config.model.discriminator_normalization to 'group' or 'none'"
        )
    if not model.discriminators and not stages.reconstruction.epochs:
        raise UserError(
            "config.model.discriminators is off, so the generator learns from "
            "nothing: set config.stages.reconstruction.epochs to 1 or more"
        )
