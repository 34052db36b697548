"""What a served face_gan answers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory import examples, pictures
from tfstory.systems.face_gan.interpolation import between
from tfstory.systems.face_gan.model import FaceModel, latents

_WARM_UP_SAMPLES = 2
# So that one request cannot take all of a server's memory.
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
            tf.TensorSpec([None], tf.int32, name="num_samples"),
            tf.TensorSpec([None], tf.int64, name="seed"),
        ]
    )
    def generate(num_samples, seed):
        row, number = _places(num_samples, {"seed": seed}, least=1)
        seeds = tf.stack([tf.gather(seed, row), number], axis=1)
        return {
            "images": _in_rows(
                encoded(latents(seeds, model.latent_size)), num_samples
            )
        }

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.int64, name="seed"),
            tf.TensorSpec([None], tf.int64, name="last_seed"),
            tf.TensorSpec([None], tf.int32, name="steps"),
        ]
    )
    def interpolate(seed, last_seed, steps):
        row, number = _places(
            steps, {"seed": seed, "last_seed": last_seed}, least=2
        )
        ends = [
            latents(
                tf.stack([end, tf.zeros_like(end)], axis=1), model.latent_size
            )
            for end in (seed, last_seed)
        ]
        shares = tf.cast(number, tf.float32) / tf.cast(
            tf.gather(steps, row) - 1, tf.float32
        )
        noise = between(*(tf.gather(end, row) for end in ends), shares)
        return {"images": _in_rows(encoded(noise), steps)}

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
    count = len(images)
    seeds = np.arange(count, dtype=np.int64)
    some = np.full([count], _WARM_UP_SAMPLES, np.int32)
    return {
        "generate": {"num_samples": some, "seed": seeds},
        "interpolate": {"seed": seeds, "last_seed": seeds + 1, "steps": some},
        "discriminate": {"images": images},
    }


def _places(counts, others, least):
    """Returns the row of each picture asked for, and its number in the row."""
    checks = [
        tf.debugging.assert_greater_equal(
            counts, least, f"must be {least} or more in every row"
        ),
        tf.debugging.assert_less_equal(
            counts, MOST, f"must be {MOST} or less in every row"
        ),
        *(
            tf.debugging.assert_equal(
                tf.shape(value)[0],
                tf.shape(counts)[0],
                f"{name} has not a value for each row",
            )
            for name, value in others.items()
        ),
    ]
    with tf.control_dependencies(checks):
        ragged = tf.RaggedTensor.from_row_lengths(
            tf.zeros([tf.reduce_sum(counts)]), counts, validate=False
        )
    rows = tf.cast(ragged.value_rowids(), tf.int64)
    starts = tf.cast(ragged.row_starts(), tf.int64)
    numbers = tf.range(tf.size(rows, tf.int64)) - tf.gather(starts, rows)
    return rows, numbers


def _in_rows(encoded, counts):
    """Returns string `[batch, most]`; shorter rows end in empty strings."""
    return tf.RaggedTensor.from_row_lengths(
        encoded, counts, validate=False
    ).to_tensor(default_value="")
