"""The convolutional autoencoder's two halves (seed document 001)."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tfstory.layers import convolutions
from tfstory.layers.normalization import normalization


class PictureEncoder(keras.Model):
    """Pictures to latent vectors by strided convolutions.

    Args:
      widths: channels of each convolution; each halves the picture.
      latent_size: int.
      norm: str, see `normalization`.
    """

    def __init__(self, widths: Sequence[int], latent_size: int, norm: str):
        super().__init__(name="picture_encoder")
        self._blocks = [
            [
                convolutions.Conv2D(
                    width, 4, strides=2, padding="same", use_bias=False
                ),
                normalization(norm),
                keras.layers.ReLU(),
            ]
            for width in widths
        ]
        self._flatten = keras.layers.Flatten()
        self._latent = keras.layers.Dense(latent_size, dtype="float32")

    def call(self, pictures: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Encodes.

        Args:
          pictures: float `[n, height, width, 3]` in [0, 1].
          training: bool.

        Returns:
          float32 `[n, latent_size]`.
        """
        x = pictures
        for convolution, norm, activation in self._blocks:
            x = activation(norm(convolution(x), training=training))
        return self._latent(self._flatten(x))


class PictureDecoder(keras.Model):
    """Latent vectors to pictures by transposed convolutions.

    Args:
      widths: channels of the encoder's convolutions, run backwards here.
      size: int, height and width of the pictures.
      norm: str, see `normalization`.
    """

    def __init__(self, widths: Sequence[int], size: int, norm: str):
        super().__init__(name="picture_decoder")
        side = size >> len(widths)
        self._grid = keras.layers.Dense(side * side * widths[-1])
        self._reshape = keras.layers.Reshape((side, side, widths[-1]))
        self._blocks = [
            [
                normalization(norm),
                keras.layers.ReLU(),
                convolutions.Conv2DTranspose(
                    width, 4, strides=2, padding="same", use_bias=False
                ),
            ]
            for width in reversed(widths[:-1])
        ]
        self._last_norm = normalization(norm)
        self._last = convolutions.Conv2DTranspose(
            3, 4, strides=2, padding="same"
        )
        self._activation = keras.layers.Activation("sigmoid", dtype="float32")

    def call(self, latents: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Decodes.

        Args:
          latents: float `[n, latent_size]`.
          training: bool.

        Returns:
          float32 `[n, height, width, 3]` in [0, 1].
        """
        x = self._reshape(self._grid(latents))
        for norm, activation, convolution in self._blocks:
            x = convolution(activation(norm(x, training=training)))
        x = keras.ops.relu(self._last_norm(x, training=training))
        return self._activation(self._last(x))
