"""face_gan's networks together."""

import keras
import ml_collections
import tensorflow as tf

from tfstory.systems.face_gan import convolutional, defaults, dense
from tfstory.systems.seeded_noise import normals


class FaceModel:
    """Generator, its moving average and discriminator, built.

    `average` draws whatever is evaluated, served and shown; `generator` is
    the player that is trained.

    Args:
      config: `config.model` of a run.
      image_size: int, pixels.
    """

    def __init__(self, config: ml_collections.ConfigDict, image_size: int):
        self.latent_size = config.latent_size
        self.generator = _generator(config, image_size)
        self.average = _generator(config, image_size)
        self.average.trainable = False
        self.average.set_weights(self.generator.get_weights())
        self.discriminator = _discriminator(config, image_size)

    @property
    def networks(self) -> dict[str, keras.Model]:
        """Name to network."""
        return {
            "generator": self.generator,
            "average": self.average,
            "discriminator": self.discriminator,
        }

    def draw(self, seeds: tf.Tensor) -> tf.Tensor:
        """Draws a picture for each seed, int64 `[n, 2]`; see `normals`."""
        return self.average(normals(seeds, self.latent_size))


def _generator(config, image_size):
    if config.form == defaults.DENSE:
        return dense.DenseGenerator(
            config.latent_size, config.generator_widths, image_size
        )
    return convolutional.ConvolutionalGenerator(
        config.latent_size, config.generator_widths
    )


def _discriminator(config, image_size):
    if config.form == defaults.DENSE:
        return dense.DenseDiscriminator(
            image_size,
            config.discriminator_widths,
            config.maxout_pieces,
        )
    return convolutional.ConvolutionalDiscriminator(
        image_size, config.discriminator_widths, config.spectral_normalization
    )
