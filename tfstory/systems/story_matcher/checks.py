"""Refuses configs that no matcher can be made from."""

import ml_collections

from tfstory.errors import UserError
from tfstory.layers import readers
from tfstory.systems.checks import at_least, one_of, vocabulary


def check(config: ml_collections.ConfigDict) -> None:
    """Checks what would fail deep inside a network, or silently.

    Args:
      config: the run's config.

    Raises:
      UserError: names the key and a value that works.
    """
    data, model = config.data, config.model
    at_least(data, "data", frames=1, max_tokens=3, min_word_count=1)
    vocabulary(data)
    at_least(
        model,
        "model",
        embedding_size=1,
        sentence_size=1,
        units=1,
        joint_size=1,
    )
    one_of("model.sentence_encoder", model.sentence_encoder, readers.KINDS)
    if not model.widths or min(model.widths) < 1:
        raise UserError(
            "config.model.widths must be one number of channels or more, "
            f"such as (32, 64), not {tuple(model.widths)}"
        )
    factor = 2 ** len(model.widths)
    if data.image_size < factor or data.image_size % factor:
        raise UserError(
            f"config.data.image_size must be a multiple of {factor}, which "
            f"{len(model.widths)} model.widths shrink it by, not "
            f"{data.image_size}"
        )
