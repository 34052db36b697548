"""Pictures with the text that the matcher finds for them, for people."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tfstory import stories, strips
from tfstory.systems import features
from tfstory.text.tokenizer import Tokenizer


def sample_sheet(
    batch: Mapping[str, tf.Tensor],
    shown: np.ndarray,
    told: np.ndarray,
    tokenizer: Tokenizer,
) -> np.ndarray:
    """Draws each story as it is, and with what its pictures are taken for.

    Args:
      batch: prepared batch of a few stories.
      shown: float `[batch, frames, size]`, the pictures' vectors.
      told: the same of the texts; each picture's nearest is looked for among
        those of all frames and stories.
      tokenizer: Tokenizer.

    Returns:
      uint8 `[height, width, 3]`.
    """
    images = np.asarray(batch[stories.IMAGES])
    count, frames = images.shape[:2]
    tokens = tf.reshape(batch[features.TOKENS], [count * frames, -1])
    texts = [text.decode() for text in tokenizer.detokenize(tokens).numpy()]
    nearest = np.argmax(
        np.einsum("bfs,ngs->bfng", shown, told).reshape([count, frames, -1]),
        axis=-1,
    )
    rows, labels = [], []
    for row in range(count):
        own = texts[row * frames :][:frames]
        rows.append(strips.strip(images[row], own))
        labels.append(f"story {row + 1}, as it is")
        titles = [
            f"story {place // frames + 1}, frame {place % frames + 1}"
            for place in nearest[row]
        ]
        found = [texts[place] for place in nearest[row]]
        rows.append(strips.strip(images[row], found, titles, [True] * frames))
        labels.append(f"story {row + 1}, with the text that comes nearest")
    return strips.sheet(rows, labels)
