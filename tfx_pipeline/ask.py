"""Asks a served model about a held-out story: how it goes on, how it looks."""

import dataclasses
import os
from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

from serving.client.client import Client
from tfstory import pictures, stories, strips
from tfstory.datasets import records
from tfx_pipeline import server_process

# StoryReasoning's.
SIGNATURE = "predict_next"
# StoryGAN's.
STORY_SIGNATURE = "generate"
_DEADLINE_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class Answer:
    """A story and how the model goes on.

    Attributes:
      story_id: the held-out story.
      context: the sentences that the model was given.
      caption: the sentence that it answered.
      truth: the story's own next sentence.
      strip: path of the PNG with the story, its own next frame and the
        model's.
    """

    story_id: str
    context: Sequence[str]
    caption: str
    truth: str
    strip: str


def held_out_story(examples_dir: str, frames: int) -> dict[str, np.ndarray]:
    """Returns the first raw example of the test split."""
    pattern = os.path.join(examples_dir, "test", "*.gz")
    return next(
        records.read(
            pattern, stories.example_format(frames)
        ).as_numpy_iterator()
    )


def next_frame(
    model_base_path: str,
    model_name: str,
    story: Mapping[str, np.ndarray],
    strip_path: str,
) -> Answer:
    """Serves a model, asks it over gRPC and draws its answer.

    Args:
      model_base_path: str, directory of versions.
      model_name: str.
      story: a raw example; the last frame is kept from the model.
      strip_path: str, the PNG to write.

    Raises:
      UserError: the server does not come up.
      ServingError: it does not answer.
    """
    images, sentences = story[stories.IMAGES], story[stories.SENTENCES]
    answer = _answer(
        model_base_path,
        model_name,
        SIGNATURE,
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
    _write(strip_path, drawn)
    return Answer(
        story_id=story[stories.STORY_ID].decode(),
        context=told[:-1],
        caption=caption,
        truth=told[-1],
        strip=strip_path,
    )


def drawn_story(
    model_base_path: str,
    model_name: str,
    story: Mapping[str, np.ndarray],
    strip_path: str,
) -> list[str]:
    """Serves a model, has it draw a story over gRPC and draws the strips.

    Args:
      model_base_path: str, directory of versions.
      model_name: str.
      story: a raw example; the pictures are kept from the model.
      strip_path: str, the PNG to write: the story as it is and as drawn.

    Returns:
      The story's sentences.

    Raises:
      UserError: the server does not come up.
      ServingError: it does not answer.
    """
    sentences = story[stories.SENTENCES]
    answer = _answer(
        model_base_path,
        model_name,
        STORY_SIGNATURE,
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
        for images, generated in (
            (story[stories.IMAGES], False),
            (drawn, True),
        )
    ]
    _write(strip_path, strips.sheet(rows, ["the story's own", "the model's"]))
    return told


def _answer(model_base_path, model_name, signature, inputs):
    with server_process.serve(model_base_path, model_name) as target:
        with Client(
            target, model_name, timeout_seconds=_DEADLINE_SECONDS
        ) as client:
            return client.predict(signature, inputs)


def _write(path: str, drawn: np.ndarray) -> None:
    with tf.io.gfile.GFile(path, "wb") as file:
        file.write(tf.io.encode_png(drawn).numpy())
