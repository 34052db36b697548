"""A face_gan small enough for tests, and pictures for it."""

import keras
import numpy as np
import tensorflow as tf

from tests.systems import configs
from tfstory.systems.face_gan.system import FaceGan

SIZE = 16
LATENT = 6


def config(name="celeba", model=(), **stage):
    """Returns a config of the project cut down in size."""
    result = configs.load("face_gan", name)
    result.data.image_size = SIZE
    result.model.latent_size = LATENT
    widths = (8, 8) if name == "seed" else (8, 6, 4)
    result.model.generator_widths = widths
    result.model.discriminator_widths = (4, 8)
    result.model.maxout_pieces = 2
    result.stages.adversarial.batch_size = 4
    result.model.update(dict(model))
    result.stages.adversarial.update(stage)
    return result


def system(name="celeba", model=(), **stage):
    """Returns a system with its first weights."""
    keras.utils.set_random_seed(0)
    return FaceGan(config(name, model, **stage), "")


def raw_batch(count=3, seed=0):
    """Returns raw examples: smooth random pictures."""
    generator = np.random.default_rng(seed)
    colours = generator.integers(0, 256, [count, 2, 2, 3], dtype=np.uint8)
    images = tf.image.resize(colours, [SIZE, SIZE])
    images = tf.cast(images, tf.uint8)
    return {
        "example_id": tf.constant([f"face {i}" for i in range(count)]),
        "source": tf.constant(["test"] * count),
        "image": tf.stack([tf.io.encode_png(image) for image in images]),
    }
