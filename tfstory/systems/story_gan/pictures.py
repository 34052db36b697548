"""The image generator: a gist to a picture."""

import keras
import tensorflow as tf

from tfstory.layers.normalization import normalization

# Pixels: a gist begins as a map of this side.
FIRST_SIDE = 4
# Channels of that map, in multiples of the generator's width.
FIRST_WIDTHS = 8


class ImageGenerator(keras.Model):
    """Gists to pictures, by nearest upsampling and convolutions.

    The channels start at 8 widths on a 4x4 map and halve as the side doubles:
    at 64x64 pixels half a width is left.

    Args:
      size: int, height and width of the pictures: 4 times a power of two.
      width: int.
      norm: str, see `layers.normalization`.
    """

    def __init__(self, size: int, width: int, norm: str):
        super().__init__(name="image_generator")
        first = FIRST_WIDTHS * width
        self._grid = keras.layers.Dense(FIRST_SIDE**2 * first, use_bias=False)
        self._reshape = keras.layers.Reshape((FIRST_SIDE, FIRST_SIDE, first))
        self._first_norm = normalization(norm)
        self._upsample = keras.layers.UpSampling2D(interpolation="nearest")
        levels = (size // FIRST_SIDE).bit_length() - 1
        self._blocks = [
            [
                keras.layers.Conv2D(
                    max(1, first >> level), 3, padding="same", use_bias=False
                ),
                normalization(norm),
            ]
            for level in range(1, levels + 1)
        ]
        self._last = keras.layers.Conv2D(3, 3, padding="same")
        self._activation = keras.layers.Activation("sigmoid", dtype="float32")

    def call(self, gists: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Paints.

        Args:
          gists: float `[n, size]`.
          training: bool.

        Returns:
          float32 `[n, height, width, 3]` in [0, 1].
        """
        x = self._reshape(self._grid(gists))
        x = tf.nn.relu(self._first_norm(x, training=training))
        for convolution, norm in self._blocks:
            x = convolution(self._upsample(x))
            x = tf.nn.relu(norm(x, training=training))
        return self._activation(self._last(x))
