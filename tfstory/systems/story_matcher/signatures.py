"""What a served matcher answers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory import stories
from tfstory.systems import features
from tfstory.systems.story_matcher.model import Matcher
from tfstory.text.tokenizer import Tokenizer


def signatures(
    matcher: Matcher, tokenizer: Tokenizer, image_size: int, frames: int
) -> dict[str, Any]:
    """Returns the signatures; `serving/README.md` documents them.

    Args:
      matcher: Matcher.
      tokenizer: Tokenizer.
      image_size: int, pixels.
      frames: int, of the stories in serialised Examples.
    """

    def vectors(batch):
        prepared = features.prepare(batch, tokenizer, image_size)
        return {
            "picture_embeddings": matcher.pictures(prepared[stories.IMAGES]),
            "text_embeddings": matcher.texts(prepared[features.TOKENS]),
        }

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None], tf.string, name="images"),
            tf.TensorSpec([None, None], tf.string, name="sentences"),
        ]
    )
    def match(images, sentences):
        as_many = tf.debugging.assert_equal(
            tf.shape(images),
            tf.shape(sentences),
            "images and sentences are not as many",
        )
        with tf.control_dependencies([as_many]):
            images = tf.identity(images)
        return vectors({stories.IMAGES: images, stories.SENTENCES: sentences})

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="examples")]
    )
    def serving_default(examples):
        parsed = stories.example_format(frames).parse(examples)
        return vectors(
            {name: parsed[name] for name in (stories.IMAGES, stories.SENTENCES)}
        )

    return {"serving_default": serving_default, "match": match}


def request_inputs(
    batch: Mapping[str, np.ndarray],
) -> dict[str, dict[str, np.ndarray]]:
    """Turns whole raw stories into requests.

    Args:
      batch: `images` and `sentences`, bytes `[batch, frames]`.

    Returns:
      signature name to input name to array.
    """
    names = (stories.IMAGES, stories.SENTENCES)
    return {"match": {name: batch[name] for name in names}}
