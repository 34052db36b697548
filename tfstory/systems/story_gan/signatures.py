"""What a served StoryGAN model answers."""

from collections.abc import Mapping
from typing import Any

import ml_collections
import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.systems import features
from tfstory.systems.story_gan import noise
from tfstory.systems.story_gan.model import (
    Discriminators,
    Generator,
    in_one_row,
)
from tfstory.systems.story_gan.story_encoder import first_context
from tfstory.text.tokenizer import Tokenizer

# More would ask a server for more memory than it should give: sentences of a
# story, whose later frames look at all before them, and of a request, in which
# the batches of `serving/config/batching.config`, 32 rows, find room.
MAX_FRAMES = 64
MAX_SENTENCES = 32 * MAX_FRAMES
# Of h_0, that `score` takes the mean over.
_DRAWS = 8


def signatures(
    generator: Generator,
    trained: Generator,
    discriminators: Discriminators | None,
    tokenizer: Tokenizer,
    config: ml_collections.ConfigDict,
) -> dict[str, Any]:
    """Returns the signatures; `serving/README.md` documents them.

    Args:
      generator: Generator, the one that is used.
      trained: Generator, the one that the discriminators learnt with.
      discriminators: Discriminators; None leaves `score` out.
      tokenizer: Tokenizer.
      config: of a run.
    """
    sizes = (config.model.context_size, config.model.noise_size)

    def tell(sentences, seed):
        checks = [
            _as_many_rows("seed", seed, sentences),
            *_sensible_size(sentences),
        ]
        with tf.control_dependencies(checks):
            tokens = tokenizer.tokenize(sentences)
        shape = tf.shape(sentences)
        drawn = generator.stories(
            tokens, noise.of_seeds(seed, shape[1], *sizes)
        )
        flat = tf.reshape(pictures.to_uint8(drawn), [-1, *drawn.shape[2:]])
        return {"images": tf.reshape(pictures.encode_png(flat), shape)}

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None], tf.string, name="sentences"),
            tf.TensorSpec([None], tf.int64, name="seed"),
        ]
    )
    def generate(sentences, seed):
        return tell(sentences, seed)

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="examples")]
    )
    def serving_default(examples):
        name = stories.SENTENCES
        spec = {name: tf.io.RaggedFeature(tf.string, row_splits_dtype=tf.int64)}
        frames = config.data.frames
        sentences = tf.io.parse_example(examples, spec)[name][:, :frames]
        return tell(
            sentences.to_tensor(shape=[None, frames]),
            tf.zeros([tf.shape(examples)[0]], tf.int64),
        )

    result = {"serving_default": serving_default, "generate": generate}
    if discriminators is not None:
        result["score"] = _score(trained, discriminators, tokenizer, config)
    return result


def _score(reader, discriminators, tokenizer, config):
    """Returns the signature `score`: what the discriminators hold of pictures.

    They never saw text but as the trained generator reads it, with h_0 drawn.
    So it reads here too, whatever generator draws in use; and a picture's
    logit is the mean of its logits with h_0 drawn by each of `_DRAWS` fixed
    seeds. The story discriminator is not told h_0.
    """
    sizes = (config.model.context_size, config.model.noise_size)

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None], tf.string, name="images"),
            tf.TensorSpec([None, None], tf.string, name="sentences"),
        ]
    )
    def score(images, sentences):
        checks = [
            tf.debugging.assert_equal(
                tf.shape(images),
                tf.shape(sentences),
                "images and sentences are not as many",
            ),
            *_sensible_size(sentences),
        ]
        with tf.control_dependencies(checks):
            # Nothing large may begin before the checks have spoken.
            images, sentences = tf.identity(images), tf.identity(sentences)
        batch = features.prepare(
            {stories.IMAGES: images, stories.SENTENCES: sentences},
            tokenizer,
            config.data.image_size,
        )
        shown = pictures.to_unit(batch[stories.IMAGES])
        shape = tf.shape(sentences)
        reading = reader.read(
            batch[features.TOKENS], reader.no_noise(shape[0], shape[1])
        )
        seen = discriminators.image.features(in_one_row(shown))
        told = in_one_row(reading.sentences)

        def match(drawn):
            context = first_context(reading.mean, reading.log_variance, drawn)
            contexts = tf.repeat(context, shape[1], axis=0)
            return discriminators.image.match(seen, told, contexts)

        logits = tf.map_fn(
            match,
            noise.of_seeds(tf.range(_DRAWS, dtype=tf.int64), 0, *sizes).context,
            fn_output_signature=tf.TensorSpec([None], tf.float32),
        )
        image = tf.reshape(tf.reduce_mean(logits, axis=0), shape)
        story = discriminators.story(shown, reading.sentences)
        return {
            "image_logits": image,
            "image_probabilities": tf.sigmoid(image),
            "story_logit": story,
            "story_probability": tf.sigmoid(story),
        }

    return score


def request_inputs(
    batch: Mapping[str, np.ndarray], discriminators: bool
) -> dict[str, dict[str, np.ndarray]]:
    """Turns whole raw stories into requests.

    Args:
      batch: `images` and `sentences`, bytes `[batch, frames]`.
      discriminators: bool, whether there is a `score` to ask for.

    Returns:
      signature name to input name to array.
    """
    images, sentences = batch[stories.IMAGES], batch[stories.SENTENCES]
    requests = {
        "generate": {
            "sentences": sentences,
            "seed": np.arange(len(sentences), dtype=np.int64),
        }
    }
    if discriminators:
        requests["score"] = {"images": images, "sentences": sentences}
    return requests


def _as_many_rows(name, value, sentences):
    return tf.debugging.assert_equal(
        tf.shape(value)[0],
        tf.shape(sentences)[0],
        f"{name} has not a row a story",
    )


def _sensible_size(sentences):
    frames = tf.shape(sentences)[1]
    return [
        tf.debugging.assert_greater(frames, 0, "a story has no sentence"),
        tf.debugging.assert_less_equal(
            frames, MAX_FRAMES, "a story has too many sentences"
        ),
        tf.debugging.assert_less_equal(
            tf.size(sentences),
            MAX_SENTENCES,
            f"a request has more than {MAX_SENTENCES} sentences",
        ),
    ]
