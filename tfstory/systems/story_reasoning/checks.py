"""Refuses configs that StoryReasoning cannot be made from."""

import ml_collections

from tfstory.errors import UserError
from tfstory.layers import normalization
from tfstory.systems.checks import at_least, one_of, vocabulary
from tfstory.systems.story_reasoning import defaults

# SSIM's window must fit, and the refiner halves a frame three times.
_SMALLEST_SIZE = 16
_REFINER_FACTOR = 8


def check(config: ml_collections.ConfigDict) -> None:
    """Checks what would fail deep inside a network, or silently.

    Args:
      config: the run's config.

    Raises:
      UserError: names the key and a value that works.
    """
    data, model = config.data, config.model
    factor = max(2 ** len(model.encoder_widths), _REFINER_FACTOR)
    if data.image_size < _SMALLEST_SIZE or data.image_size % factor:
        least = max(_SMALLEST_SIZE, data.image_size)
        raise UserError(
            f"config.data.image_size must be a multiple of {factor} and "
            f"{_SMALLEST_SIZE} or more, not {data.image_size}; try "
            f"{-(-least // factor) * factor}"
        )
    at_least(data, "data", frames=2, max_tokens=3, min_word_count=1)
    at_least(
        config.stages.sequence, "stages.sequence", captions=1, clip_norm=0.0
    )
    at_least(
        model,
        "model",
        latent_size=1,
        embedding_size=1,
        units=1,
        attention_hops=0,
    )
    weights = model.loss_weights
    parts = defaults.get_config().model.loss_weights
    if set(weights) != set(parts):
        raise UserError(
            f"config.model.loss_weights must have {', '.join(parts)}, not "
            f"{', '.join(sorted(weights))}"
        )
    at_least(weights, "model.loss_weights", **dict.fromkeys(parts, 0.0))
    if not model.encoder_widths or min(model.encoder_widths) < 1:
        raise UserError(
            "config.model.encoder_widths must have a width of 1 or more for "
            f"each halving of the picture, not {model.encoder_widths}"
        )
    if model.attention_hops and data.frames < 3:
        raise UserError(
            "config.model.attention_hops needs config.data.frames of 3 or "
            "more: what recurs takes two frames to be seen; with 2 frames "
            "set attention_hops to 0, and what needs them to False"
        )
    vocabulary(data)
    one_of("model.normalization", model.normalization, normalization.KINDS)
    groups = normalization.GROUPS
    if model.normalization == "group" and any(
        width % groups for width in model.encoder_widths
    ):
        raise UserError(
            "config.model.normalization 'group' has groups of channels: "
            "config.model.encoder_widths must be multiples of "
            f"{groups}, not {model.encoder_widths}"
        )
    for key in ("copy_words", "picture_follows_caption"):
        if model[key] and not model.attention_hops:
            raise UserError(
                f"config.model.{key} needs attention_hops of 1 or more; "
                "switch it off or raise them"
            )
