"""The seed's networks: dense, with maxout, rectified and sigmoid units."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tfstory.layers.maxout import Maxout


class DenseGenerator(keras.Model):
    """Noise to pictures: rectified hidden layers, a sigmoid for each pixel.

    Seed document 002, section 3, after Goodfellow et al. 2014, section 5.

    Args:
      latent_size: int.
      widths: units of each hidden layer.
      image_size: int, pixels.
    """

    def __init__(
        self, latent_size: int, widths: Sequence[int], image_size: int
    ):
        super().__init__(name="generator")
        self._size = image_size
        self._hidden = [
            keras.layers.Dense(width, activation="relu") for width in widths
        ]
        self._pixels = keras.layers.Dense(3 * image_size**2)
        self(tf.zeros([1, latent_size]))

    def call(self, latents: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Draws pictures.

        Args:
          latents: float `[n, latent_size]`.
          training: bool.

        Returns:
          float32 `[n, image_size, image_size, 3]` in [0, 1].
        """
        x = latents
        for layer in self._hidden:
            x = layer(x)
        x = tf.sigmoid(tf.cast(self._pixels(x), tf.float32))
        return tf.reshape(x, [-1, self._size, self._size, 3])


class DenseDiscriminator(keras.Model):
    """Pictures to logits through maxout layers.

    Args:
      image_size: int, pixels.
      widths: units of each maxout layer.
      pieces: int, linear maps a unit.
    """

    def __init__(self, image_size: int, widths: Sequence[int], pieces: int):
        super().__init__(name="discriminator")
        self._flatten = keras.layers.Flatten()
        self._hidden = [Maxout(width, pieces) for width in widths]
        self._logit = keras.layers.Dense(1)
        self.spectral_layers = []
        self(tf.zeros([1, image_size, image_size, 3]))

    def call(self, pictures: tf.Tensor) -> tf.Tensor:
        """Tells real pictures from generated ones.

        Args:
          pictures: float `[n, image_size, image_size, 3]` in [0, 1].

        Returns:
          float32 `[n]`, the logit of being real.
        """
        x = self._flatten(pictures)
        for layer in self._hidden:
            x = layer(x)
        return tf.cast(self._logit(x), tf.float32)[:, 0]
