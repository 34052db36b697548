"""The modern form's networks: convolutions, after Radford et al. 2016."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tfstory.layers import convolutions
from tfstory.layers.spectral_normalization import SpectralNormalization

SMALLEST_MAP = 4
_SLOPE = 0.2


class ConvolutionalGenerator(keras.Model):
    """Noise to a map of 4 x 4, doubled by transposed convolutions.

    Args:
      latent_size: int.
      widths: channels at 4 x 4, and after each doubling.
    """

    def __init__(self, latent_size: int, widths: Sequence[int]):
        super().__init__(name="generator")
        self._first_width = widths[0]
        self._first = keras.layers.Dense(
            SMALLEST_MAP**2 * widths[0], use_bias=False
        )
        # Over all replicas, as one device would.
        self._norms = [
            keras.layers.BatchNormalization(momentum=0.9, synchronized=True)
            for _ in widths
        ]
        self._doublings = [
            convolutions.Conv2DTranspose(
                width, 4, strides=2, padding="same", use_bias=False
            )
            for width in widths[1:]
        ]
        self._pixels = convolutions.Conv2D(3, 3, padding="same")
        self(tf.zeros([1, latent_size]))

    def call(self, latents: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Draws pictures.

        Args:
          latents: float `[n, latent_size]`.
          training: bool, whether the normalisation is by these pictures.

        Returns:
          float32 `[n, size, size, 3]` in [0, 1].
        """
        x = self._first(latents)
        x = tf.reshape(x, [-1, SMALLEST_MAP, SMALLEST_MAP, self._first_width])
        x = tf.nn.relu(self._norms[0](x, training=training))
        for layer, norm in zip(self._doublings, self._norms[1:], strict=True):
            x = tf.nn.relu(norm(layer(x), training=training))
        return tf.sigmoid(tf.cast(self._pixels(x), tf.float32))


class ConvolutionalDiscriminator(keras.Model):
    """Pictures to logits by strided convolutions.

    No layer mixes examples, as the penalty R1 needs it. The last layer is
    never normalised: it sets how sure the logits can be. With all layers at
    a norm of 1 and activations that shrink, they would hardly leave 0.

    Args:
      image_size: int, pixels.
      widths: channels of each convolution; each halves the picture.
      spectral: bool, spectral normalisation of the convolutions.
    """

    def __init__(self, image_size: int, widths: Sequence[int], spectral: bool):
        super().__init__(name="discriminator")
        self._convolutions = [
            convolutions.Conv2D(
                width, 4, strides=2, padding="same", use_bias=not spectral
            )
            for width in widths
        ]
        if spectral:
            self._convolutions = [
                SpectralNormalization(layer) for layer in self._convolutions
            ]
        self._flatten = keras.layers.Flatten()
        self._logit = keras.layers.Dense(1)
        self.spectral_layers = self._convolutions if spectral else []
        self(tf.zeros([1, image_size, image_size, 3]))
        for layer in self.spectral_layers:
            layer.settle()

    def call(self, pictures: tf.Tensor) -> tf.Tensor:
        """Tells real pictures from generated ones.

        Args:
          pictures: float `[n, image_size, image_size, 3]` in [0, 1].

        Returns:
          float32 `[n]`, the logit of being real.
        """
        x = 2.0 * pictures - 1.0
        for layer in self._convolutions:
            x = tf.nn.leaky_relu(layer(x), _SLOPE)
        return tf.cast(self._logit(self._flatten(x)), tf.float32)[:, 0]
