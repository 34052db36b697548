"""Draws real stories above generated ones, for people to look at."""

from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories, strips
from tfstory.systems import features
from tfstory.text.tokenizer import Tokenizer

_SEEDS = (0, 1)


def sample_sheet(
    batch: Mapping[str, tf.Tensor],
    generate: Callable[[Mapping[str, tf.Tensor], tf.Tensor], tf.Tensor],
    tokenizer: Tokenizer,
) -> np.ndarray:
    """Draws each story as it is and as two seeds tell it.

    Args:
      batch: prepared batch of a few stories.
      generate: prepared batch and seeds, int64 `[batch]`, to float32
        `[batch, frames, height, width, 3]`.
      tokenizer: Tokenizer.

    Returns:
      uint8 `[height, width, 3]`.
    """
    images = batch[stories.IMAGES]
    count, frames = images.shape[:2]
    tokens = tf.reshape(batch[features.TOKENS], [count * frames, -1])
    texts = tokenizer.detokenize(tokens).numpy().reshape([count, frames])
    drawn = [
        pictures.to_uint8(
            generate(batch, tf.fill([count], tf.constant(seed, tf.int64)))
        ).numpy()
        for seed in _SEEDS
    ]
    rows, labels = [], []
    for row in range(count):
        captions = [text.decode() for text in texts[row]]
        rows.append(strips.strip(np.asarray(images[row]), captions))
        labels.append(f"story {row + 1}, as it is")
        for seed, generated in zip(_SEEDS, drawn, strict=True):
            rows.append(
                strips.strip(
                    generated[row], [""] * frames, generated=[True] * frames
                )
            )
            labels.append(f"story {row + 1}, generated with seed {seed}")
    return strips.sheet(rows, labels)
