"""Draws stories with the true and the predicted next frame, for people."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories, strips
from tfstory.systems import features
from tfstory.systems.story_reasoning.captioning import draw_and_write
from tfstory.systems.story_reasoning.model import StoryModel
from tfstory.text.tokenizer import Tokenizer


def sample_sheet(
    batch: Mapping[str, tf.Tensor], model: StoryModel, tokenizer: Tokenizer
) -> np.ndarray:
    """Draws a row a story.

    A row: the context, the true next frame, the predicted one with its
    caption (decoded greedily), and the true one through the autoencoder.

    Args:
      batch: prepared batch of a few stories.
      model: StoryModel.
      tokenizer: Tokenizer.

    Returns:
      uint8 `[height, width, 3]`.
    """
    images = batch[stories.IMAGES]
    tokens = batch[features.TOKENS]
    frames = pictures.to_unit(images)
    context = model.read(frames[:, :-1], tokens[:, :-1])
    count = images.shape[0]
    drawn, written, _ = draw_and_write(
        context,
        model,
        tokenizer.length,
        tf.zeros([count]),
        tf.zeros([count], tf.int64),
    )
    predicted = pictures.to_uint8(drawn)
    rebuilt = pictures.to_uint8(model.decoder(model.encoder(frames[:, -1])))
    captions = _texts(tokens, tokenizer)
    predicted_captions = _texts(written[:, tf.newaxis], tokenizer)
    context_frames = images.shape[1] - 1
    titles = [f"frame {index + 1}" for index in range(context_frames)]
    titles += ["truth", "predicted", "autoencoder"]
    generated = [False] * (context_frames + 1) + [True, True]
    rows = [
        strips.strip(
            np.concatenate([images[row], [predicted[row]], [rebuilt[row]]]),
            [*captions[row], *predicted_captions[row], ""],
            titles,
            generated,
        )
        for row in range(count)
    ]
    return strips.sheet(rows, [f"story {row + 1}" for row in range(count)])


def autoencoder_sheet(
    batch: Mapping[str, tf.Tensor], model: StoryModel
) -> np.ndarray:
    """Draws two rows a story: its pictures, and these through the autoencoder.

    Args:
      batch: prepared batch of a few stories.
      model: StoryModel.

    Returns:
      uint8 `[height, width, 3]`.
    """
    images = batch[stories.IMAGES]
    frames = pictures.to_unit(images)
    flat = tf.reshape(frames, [-1, *frames.shape[2:]])
    rebuilt = tf.reshape(
        pictures.to_uint8(model.decoder(model.encoder(flat))), images.shape
    )
    count = images.shape[1]
    rows, labels = [], []
    for index, (real, again) in enumerate(zip(images, rebuilt, strict=True)):
        no_words = [""] * count
        rows.append(strips.strip(real, no_words))
        rows.append(strips.strip(again, no_words, generated=[True] * count))
        labels += [f"story {index + 1}", "through the autoencoder"]
    return strips.sheet(rows, labels)


def _texts(tokens: tf.Tensor, tokenizer: Tokenizer) -> list[list[str]]:
    """Returns the sentences of int32 `[batch, frames, length]`."""
    flat = tf.reshape(tokens, [-1, tokens.shape[-1]])
    texts = [text.decode() for text in tokenizer.detokenize(flat).numpy()]
    frames = tokens.shape[1]
    return [
        texts[first : first + frames] for first in range(0, len(texts), frames)
    ]
