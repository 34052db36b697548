"""Paints the next frame over the last one where something changes."""

import keras
import tensorflow as tf

# Blocks of 2x2 pixels are channels: no convolution runs at full size, and
# edges are still drawn to the pixel.
_BLOCK = 2
_WIDTHS = (24, 48, 64)


def _convolution(width: int, strides: int = 1) -> keras.layers.Layer:
    return keras.layers.Conv2D(
        width, 3, strides=strides, padding="same", activation="relu"
    )


class Refiner(keras.Model):
    """A small U-Net: last two frames and a decoded draft to the next frame.

    A 384-d latent cannot hold every edge. What stays is taken from the last
    frame; what changes is painted: `(1 - m) * last + m * painted`, with the
    mask `m` near 0 at the start of training, where the output is the last
    frame. An improvement on seed document 001, which decodes the latent only.
    """

    def __init__(self):
        super().__init__(name="refiner")
        self._entry = _convolution(_WIDTHS[0])
        self._down = [_convolution(width, 2) for width in _WIDTHS[1:]]
        # The story's state speaks at the coarsest scale.
        self._state = keras.layers.Dense(_WIDTHS[-1])
        self._middle = _convolution(_WIDTHS[-1])
        self._up = [_convolution(width) for width in reversed(_WIDTHS[:-1])]
        self._upsample = keras.layers.UpSampling2D(interpolation="bilinear")
        self._paint = keras.layers.Conv2D(
            3 * _BLOCK**2, 3, padding="same", dtype="float32"
        )
        self._mask = keras.layers.Conv2D(
            _BLOCK**2,
            3,
            padding="same",
            bias_initializer=keras.initializers.Constant(-2.0),
            dtype="float32",
        )

    def call(
        self,
        previous: tf.Tensor,
        last: tf.Tensor,
        draft: tf.Tensor,
        state: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Paints the next frame.

        Args:
          previous: float `[batch, height, width, 3]`, the last frame but one.
          last: float, the same shape, the last frame.
          draft: float, the same shape, decoded from the predicted latent.
          state: float `[batch, units]`, the story's state.

        Returns:
          The next frame, and the painted picture before it is laid over the
          last frame; float32 `[batch, height, width, 3]` in [0, 1].
        """
        seen = [tf.cast(x, draft.dtype) for x in (previous, last, draft)]
        x = tf.nn.space_to_depth(tf.concat(seen, axis=-1), _BLOCK)
        x = self._entry(x)
        skips = []
        for layer in self._down:
            skips.append(x)
            x = layer(x)
        x = self._middle(x + self._state(state)[:, None, None, :])
        for layer, skip in zip(self._up, reversed(skips), strict=True):
            x = layer(tf.concat([self._upsample(x), skip], axis=-1))
        mask = tf.sigmoid(tf.nn.depth_to_space(self._mask(x), _BLOCK))
        painted = tf.sigmoid(tf.nn.depth_to_space(self._paint(x), _BLOCK))
        frame = (1.0 - mask) * tf.cast(last, tf.float32) + mask * painted
        return frame, painted
