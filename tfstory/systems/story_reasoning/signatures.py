"""What a served StoryReasoning model answers."""

from collections.abc import Mapping
from typing import Any

import ml_collections
import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.systems import features
from tfstory.systems.story_reasoning.captioning import draw_and_write
from tfstory.systems.story_reasoning.model import StoryModel
from tfstory.text.tokenizer import Tokenizer


def signatures(
    model: StoryModel,
    tokenizer: Tokenizer,
    config: ml_collections.ConfigDict,
) -> dict[str, Any]:
    """Returns the signatures; `serving/README.md` documents them.

    Args:
      model: StoryModel.
      tokenizer: Tokenizer.
      config: `config.data` of a run.
    """
    context_frames = config.frames - 1

    def predict(images, sentences, temperature, seed):
        count = tf.shape(images)[0]
        checks = [
            tf.debugging.assert_equal(
                tf.shape(value)[0], count, f"{name} has not a row an image row"
            )
            for name, value in (
                ("sentences", sentences),
                ("temperature", temperature),
                ("seed", seed),
            )
        ]
        checks.append(
            tf.debugging.assert_non_negative(
                temperature, "temperature must be 0 or more"
            )
        )
        with tf.control_dependencies(checks):
            images = tf.identity(images)
        batch = features.prepare(
            {stories.IMAGES: images, stories.SENTENCES: sentences},
            tokenizer,
            config.image_size,
        )
        frames = pictures.to_unit(batch[stories.IMAGES])
        context = model.read(frames, batch[features.TOKENS])
        frame, tokens, log_probability = draw_and_write(
            context, model, tokenizer.length, temperature, seed
        )
        return {
            "image": pictures.encode_png(pictures.to_uint8(frame)),
            "caption": tokenizer.detokenize(tokens),
            "log_probability": log_probability,
        }

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, context_frames], tf.string, name="images"),
            tf.TensorSpec([None, context_frames], tf.string, name="sentences"),
            tf.TensorSpec([None], tf.float32, name="temperature"),
            tf.TensorSpec([None], tf.int64, name="seed"),
        ]
    )
    def predict_next(images, sentences, temperature, seed):
        return predict(images, sentences, temperature, seed)

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="images")]
    )
    def encode(images):
        frames = pictures.to_unit(pictures.decode(images, config.image_size))
        return {"latent": model.encoder(frames)}

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="examples")]
    )
    def serving_default(examples):
        story = tf.io.parse_example(
            examples,
            {
                name: tf.io.RaggedFeature(tf.string, row_splits_dtype=tf.int64)
                for name in (stories.IMAGES, stories.SENTENCES)
            },
        )
        # Or the padding below would be read as empty captions.
        checks = [
            tf.debugging.assert_greater_equal(
                story[name].row_lengths(),
                tf.constant(context_frames, tf.int64),
                f"an example needs {context_frames} or more {name}",
            )
            for name in (stories.IMAGES, stories.SENTENCES)
        ]
        with tf.control_dependencies(checks):
            images, sentences = (
                story[name][:, :context_frames].to_tensor(
                    shape=[None, context_frames]
                )
                for name in (stories.IMAGES, stories.SENTENCES)
            )
        count = tf.shape(examples)[0]
        return predict(
            images,
            sentences,
            tf.zeros([count]),
            tf.zeros([count], tf.int64),
        )

    return {
        "serving_default": serving_default,
        "predict_next": predict_next,
        "encode": encode,
    }


def request_inputs(
    batch: Mapping[str, np.ndarray],
) -> dict[str, dict[str, np.ndarray]]:
    """Turns whole raw stories into requests.

    Args:
      batch: `images` and `sentences`, bytes `[batch, frames]`; the last frame
        is what the model is asked for and is left out.

    Returns:
      signature name to input name to array.
    """
    images = batch[stories.IMAGES]
    count = len(images)
    return {
        "predict_next": {
            "images": images[:, :-1],
            "sentences": batch[stories.SENTENCES][:, :-1],
            "temperature": np.zeros([count], np.float32),
            "seed": np.arange(count, dtype=np.int64),
        },
        "encode": {"images": images[:, 0]},
    }
