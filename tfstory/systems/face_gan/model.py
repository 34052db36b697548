"""face_gan's networks together, and noise."""

import keras
import ml_collections
import tensorflow as tf

from tfstory.systems.face_gan import convolutional, defaults, dense


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
        """Draws a picture for each seed; see `latents`."""
        return self.average(latents(seeds, self.latent_size))


def latents(seeds: tf.Tensor, size: int) -> tf.Tensor:
    """Returns noise that depends on each row's own seed alone.

    Args:
      seeds: int64 `[n, 2]`: a seed, and which of its draws.
      size: int.

    Returns:
      float32 `[n, size]`, standard normal; the same on every server.
    """

    def draw(seed: tf.Tensor) -> tf.Tensor:
        return tf.random.stateless_normal([size], seed=seed, alg="philox")

    return tf.map_fn(
        draw, seeds, fn_output_signature=tf.TensorSpec([size], tf.float32)
    )


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
