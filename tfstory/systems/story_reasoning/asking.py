"""Asks a served StoryReasoning model how a held-out story goes on."""

import os
from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories, strips

STRIP = "next_frame.png"


def ask_served(
    story: Mapping[str, np.ndarray], ask: Callable, directory: str
) -> str:
    """Asks for the next frame, and draws it beside the story's own.

    Args:
      story: a raw example; the last frame is kept from the model.
      ask: takes a signature and its inputs, returns the outputs.
      directory: str, gets `STRIP`.

    Returns:
      The story, the model's caption and the true one, in lines.
    """
    images, sentences = story[stories.IMAGES], story[stories.SENTENCES]
    answer = ask(
        "predict_next",
        {
            "images": images[None, :-1],
            "sentences": sentences[None, :-1],
            "temperature": np.zeros([1], np.float32),
            "seed": np.zeros([1], np.int64),
        },
    )
    caption = answer["caption"][0].decode(errors="replace")
    told = [sentence.decode(errors="replace") for sentence in sentences]
    answered = answer["image"][0]
    drawn = strips.strip(
        pictures.decode(
            tf.constant([*images, answered]),
            tf.io.decode_png(answered).shape[0],
        ).numpy(),
        [*told, caption],
        titles=[
            *(f"frame {i}" for i in range(1, len(told))),
            "the story's own",
            "the model's",
        ],
        generated=[False] * len(told) + [True],
    )
    path = os.path.join(directory, STRIP)
    tf.io.write_file(path, tf.io.encode_png(drawn))
    return (
        f"how {story[stories.STORY_ID].decode()} goes on:\n"
        + "".join(f"  {sentence}\n" for sentence in told[:-1])
        + f"  -> {caption}\n     (really: {told[-1]})\nStrip:  {path}"
    )
