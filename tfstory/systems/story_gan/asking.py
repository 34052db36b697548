"""Asks a served StoryGAN to draw a held-out story."""

import os
from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories, strips

STRIP = "story.png"


def ask_served(
    story: Mapping[str, np.ndarray], ask: Callable, directory: str
) -> str:
    """Asks for a story's pictures, and draws them below its own.

    Args:
      story: a raw example; the pictures are kept from the model.
      ask: takes a signature and its inputs, returns the outputs.
      directory: str, gets `STRIP`.

    Returns:
      The story's sentences, in lines.
    """
    sentences = story[stories.SENTENCES]
    answer = ask(
        "generate",
        {"sentences": sentences[None], "seed": np.zeros([1], np.int64)},
    )
    told = [sentence.decode(errors="replace") for sentence in sentences]
    drawn = answer["images"][0]
    size = tf.io.decode_png(drawn[0]).shape[0]
    rows = [
        strips.strip(
            pictures.decode(tf.constant(images), size).numpy(),
            told,
            generated=[generated] * len(told),
        )
        for images, generated in ((story[stories.IMAGES], False), (drawn, True))
    ]
    sheet = strips.sheet(rows, ["the story's own", "the model's"])
    path = os.path.join(directory, STRIP)
    tf.io.write_file(path, tf.io.encode_png(sheet))
    return (
        "for pictures of:\n"
        + "".join(f"  {sentence}\n" for sentence in told)
        + f"Strip:  {path}"
    )
