"""What a served face_gan answers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory import examples, pictures
from tfstory.systems.bounds import ways_within, within
from tfstory.systems.face_gan.interpolation import between
from tfstory.systems.face_gan.model import FaceModel
from tfstory.systems.seeded_noise import normals

_WARM_UP_STEPS = 3
# Pictures: so that one request cannot take all of a server's memory.
MOST = 1024


def signatures(model: FaceModel, image_size: int) -> dict[str, Any]:
    """Returns the signatures; `serving/README.md` documents them.

    Args:
      model: FaceModel.
      image_size: int, pixels.
    """

    def encoded(noise: tf.Tensor) -> tf.Tensor:
        return pictures.encode_png(pictures.to_uint8(model.average(noise)))

    def realness(encoded_pictures: tf.Tensor) -> dict[str, tf.Tensor]:
        decoded = pictures.decode(encoded_pictures, image_size)
        logit = model.discriminator(pictures.to_unit(decoded))
        return {"logit": logit, "probability": tf.sigmoid(logit)}

    @tf.function(
        input_signature=[
            tf.TensorSpec([], tf.int32, name="num_samples"),
            tf.TensorSpec([], tf.int64, name="seed"),
        ]
    )
    def generate(num_samples, seed):
        checks = within(num_samples, "num_samples", 1, MOST)
        with tf.control_dependencies(checks):
            number = tf.range(tf.cast(num_samples, tf.int64))
        seeds = tf.stack([tf.fill(tf.shape(number), seed), number], axis=1)
        return {"images": encoded(normals(seeds, model.latent_size))}

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.int64, name="first_seed"),
            tf.TensorSpec([None], tf.int64, name="last_seed"),
            tf.TensorSpec([], tf.int32, name="steps"),
        ]
    )
    def interpolate(first_seed, last_seed, steps):
        checks = [
            *ways_within(first_seed, steps, 2, MOST),
            tf.debugging.assert_equal(
                tf.shape(first_seed),
                tf.shape(last_seed),
                "last_seed has not a seed for each first one",
            ),
        ]
        with tf.control_dependencies(checks):
            shares = tf.linspace(0.0, 1.0, steps)
            # Nothing may fail before the checks have spoken.
            first_seed = tf.identity(first_seed)
            last_seed = tf.identity(last_seed)
        rows = tf.shape(first_seed)[0]
        ends = [
            tf.repeat(
                normals(
                    tf.stack([seed, tf.zeros_like(seed)], axis=1),
                    model.latent_size,
                ),
                steps,
                axis=0,
            )
            for seed in (first_seed, last_seed)
        ]
        images = encoded(between(*ends, tf.tile(shares, [rows])))
        return {"images": tf.reshape(images, [rows, steps])}

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="images")]
    )
    def discriminate(images):
        return realness(images)

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="examples")]
    )
    def serving_default(serialized):
        return realness(examples.PICTURES.parse(serialized)[examples.IMAGE])

    return {
        "serving_default": serving_default,
        "generate": generate,
        "interpolate": interpolate,
        "discriminate": discriminate,
    }


def request_inputs(
    batch: Mapping[str, np.ndarray],
) -> dict[str, dict[str, np.ndarray]]:
    """Turns raw pictures into requests.

    Args:
      batch: `image`, bytes `[batch]`.

    Returns:
      signature name to input name to array.
    """
    images = batch[examples.IMAGE]
    seeds = np.arange(len(images), dtype=np.int64)
    return {
        "generate": {
            "num_samples": np.array(len(images), np.int32),
            "seed": np.array(0, np.int64),
        },
        "interpolate": {
            "first_seed": seeds,
            "last_seed": seeds + 1,
            "steps": np.array(_WARM_UP_STEPS, np.int32),
        },
        "discriminate": {"images": images},
    }
