"""What a served GaussianGan answers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory import examples
from tfstory.systems.bounds import ways_within, within
from tfstory.systems.gaussian_gan.model import GaussianModel

# More in one answer is a mistake rather than a wish.
MOST_SAMPLES = 1_000_000


def signatures(model: GaussianModel) -> dict[str, Any]:
    """Returns the signatures; `serving/README.md` documents them.

    Args:
      model: GaussianModel.
    """

    @tf.function(
        input_signature=[
            tf.TensorSpec([], tf.int32, name="num_samples"),
            tf.TensorSpec([], tf.int64, name="seed"),
        ]
    )
    def generate(num_samples, seed):
        checks = within(num_samples, "num_samples", 1, MOST_SAMPLES)
        with tf.control_dependencies(checks):
            count = tf.identity(num_samples)
        z = model.random_z(count, tf.stack([seed, 0]))
        return {"values": model.generate(z)}

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.float32, name="first"),
            tf.TensorSpec([None], tf.float32, name="last"),
            tf.TensorSpec([], tf.int32, name="steps"),
        ]
    )
    def interpolate(first, last, steps):
        checks = [
            *ways_within(first, steps, 1, MOST_SAMPLES),
            tf.debugging.assert_equal(
                tf.shape(first), tf.shape(last), "last has not a z a first one"
            ),
            tf.debugging.assert_less_equal(
                tf.abs(tf.concat([first, last], axis=0)),
                model.bound,
                f"z must be from {-model.bound:g} to {model.bound:g}",
            ),
        ]
        with tf.control_dependencies(checks):
            steps = tf.identity(steps)
        # `linspace` of one step is the first alone.
        z = tf.linspace(first, last, steps, axis=1)
        values = model.generate(tf.reshape(z, [-1]))
        return {"values": tf.reshape(values, [-1, steps])}

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.float32, name="values")]
    )
    def discriminate(values):
        return {"probability": model.decide(values)}

    return {
        "generate": generate,
        "interpolate": interpolate,
        "discriminate": discriminate,
    }


def request_inputs(
    batch: Mapping[str, np.ndarray], bound: float
) -> dict[str, dict[str, np.ndarray]]:
    """Turns raw examples into requests.

    Args:
      batch: `value`, float32 `[batch]`.
      bound: float, of z.

    Returns:
      signature name to input name to array.
    """
    values = batch[examples.VALUE]
    edges = np.linspace(-bound, bound, len(values) + 1, dtype=np.float32)
    return {
        "generate": {
            "num_samples": np.array(len(values), np.int32),
            "seed": np.array(0, np.int64),
        },
        "interpolate": {
            "first": edges[:-1],
            "last": edges[1:],
            "steps": np.array(5, np.int32),
        },
        "discriminate": {"values": values},
    }
