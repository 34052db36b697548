"""The image generator: a gist to a picture."""

import keras
import tensorflow as tf

from tfstory.layers import convolutions
from tfstory.layers.normalization import normalization
from tfstory.layers.upsampled_convolution import UpsampledConvolution
from tfstory.systems.story_gan.looking import MapAttention
from tfstory.systems.story_gan.phrases import Phrases

# Pixels: a gist begins as a map of this side.
FIRST_SIDE = 4
# Channels of that map, in multiples of the generator's width.
FIRST_WIDTHS = 8
# Side of the map that looks at phrases: fine enough to tell places apart
# that have names of their own, coarse enough to be fast.
_LOOKING_SIDE = 16


class ImageGenerator(keras.Model):
    """Gists to pictures, by nearest upsampling and convolutions.

    The channels start at 8 widths on a 4x4 map and halve as the side doubles:
    at 64x64 pixels half a width is left.

    Args:
      size: int, height and width of the pictures: 4 times a power of two.
      width: int.
      norm: str, see `layers.normalization`.
      attention_units: int, channels of a 16x16 map that looks at phrases.
      attention_hops: int, how often it does so; 0 paints from gists alone.
    """

    def __init__(
        self,
        size: int,
        width: int,
        norm: str,
        attention_units: int = 0,
        attention_hops: int = 0,
    ):
        super().__init__(name="image_generator")
        first = FIRST_WIDTHS * width
        self._grid = keras.layers.Dense(FIRST_SIDE**2 * first, use_bias=False)
        self._reshape = keras.layers.Reshape((FIRST_SIDE, FIRST_SIDE, first))
        self._first_norm = normalization(norm)
        levels = (size // FIRST_SIDE).bit_length() - 1
        self._blocks = [
            [
                UpsampledConvolution(max(1, first >> level)),
                normalization(norm),
            ]
            for level in range(1, levels + 1)
        ]
        self._look = None
        if attention_hops:
            self._look = MapAttention(
                _LOOKING_SIDE, attention_units, attention_hops
            )
        self._last = convolutions.Conv2D(3, 3, padding="same")
        self._activation = keras.layers.Activation("sigmoid", dtype="float32")

    def call(
        self,
        gists: tf.Tensor,
        phrases: Phrases | None = None,
        training: bool = False,
    ) -> tf.Tensor:
        """Paints.

        Args:
          gists: float `[n, size]`.
          phrases: Phrases of `[n, ...]`, for a generator with attention.
          training: bool.

        Returns:
          float32 `[n, height, width, 3]` in [0, 1].
        """
        x = self._reshape(self._grid(gists))
        x = tf.nn.relu(self._first_norm(x, training=training))
        for convolution, norm in self._blocks:
            x = convolution(x)
            x = tf.nn.relu(norm(x, training=training))
            if self._look is not None and x.shape[1] == _LOOKING_SIDE:
                x = self._look(x, phrases.values, phrases.told)
        return self._activation(self._last(x))
