"""Exported models that judge generated stories, and what they are asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.errors import UserError

# Judged of a split; shares of so many need no more.
WINDOWS = 512


def load(
    path: str, system: str, signature: str
) -> Callable[..., dict[str, np.ndarray]]:
    """Loads an exported judge.

    Args:
      path: the SavedModel's directory.
      system: the judge's kind, which is also its key in `config.evaluation`.
      signature: the signature that is asked.

    Returns:
      Takes the signature's inputs by their names, returns its outputs.

    Raises:
      UserError: there is none, or one without the signature.
    """
    key = f"config.evaluation.{system}"
    if not tf.saved_model.contains_saved_model(path):
        raise UserError(
            f"{key}: {path} holds no SavedModel; export a trained {system}"
        )
    module = tf.saved_model.load(path)
    if signature not in module.signatures:
        raise UserError(
            f"{key}: the model in {path} is no {system}: it has no signature "
            f"{signature!r}"
        )

    def ask(**inputs):
        answer = module.signatures[signature](**inputs)
        return {name: value.numpy() for name, value in answer.items()}

    return ask


def first_windows(
    batches: Iterable[Mapping[str, tf.Tensor]],
) -> Iterator[dict[str, tf.Tensor]]:
    """Yields raw batches with as many windows as are judged."""
    left = WINDOWS
    for batch in batches:
        if not left:
            return
        count = min(left, int(batch[stories.STORY_ID].shape[0]))
        left -= count
        yield {name: value[:count] for name, value in batch.items()}


def encoded(shown: tf.Tensor) -> tf.Tensor:
    """Returns stories' pictures as PNG, as judges take them.

    Args:
      shown: uint8 `[batch, frames, height, width, 3]`.

    Returns:
      string `[batch, frames]`.
    """
    flat = tf.reshape(shown, [-1, *shown.shape[2:]])
    return tf.reshape(pictures.encode_png(flat), tf.shape(shown)[:2])
