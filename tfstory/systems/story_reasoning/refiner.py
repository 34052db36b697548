"""Lays the next frame together from earlier ones and what is painted new."""

from typing import NamedTuple

import keras
import tensorflow as tf

from tfstory.layers import convolutions
from tfstory.layers.feature_modulation import FeatureModulation

# Blocks of so many pixels squared are channels: no convolution runs at full
# size, and edges are still drawn to the pixel.
BLOCK = 2
_WIDTHS = (24, 48, 64)
_UP_WIDTHS = (32, 24)
# At the start of training nearly all of a frame is the last one.
_LAST_FRAME_BIAS = 3.0
# Choices of less than this part of an even weight are let go.
_LEAST_PART = 0.5
# A unit of a plain ReLU that is off for every block learns no more, and few
# learn here what all of a picture is laid together by.
_SLOPE = 0.1


def _convolution(width: int, strides: int = 1) -> keras.layers.Layer:
    return convolutions.Conv2D(width, 3, strides=strides, padding="same")


def _activation(x: tf.Tensor) -> tf.Tensor:
    return tf.nn.leaky_relu(x, _SLOPE)


class Refined(NamedTuple):
    """The next frame, and what it is laid together from.

    Attributes:
      frame: float32 `[batch, height, width, 3]` in [0, 1].
      painted: the painted picture that is part of it, of the same shape.
      choices: float32 `[batch, height / 2, width / 2, frames + 1]`, logits of
        where a block's pixels come from: each of the context's frames, or
        last what was painted.
    """

    frame: tf.Tensor
    painted: tf.Tensor
    choices: tf.Tensor


class Refiner(keras.Model):
    """A small U-Net from the context and a decoded draft to the next frame.

    A 384-d latent cannot hold every edge. What stays, or comes back, is taken
    from the context's frames; what is new is painted: each pixel is a mean of
    the context's pixels and the painted one, by weights that sum to one. An
    improvement on seed document 001, which decodes the latent only.

    Args:
      frames: int, context frames.
    """

    def __init__(self, frames: int):
        # Cast to a lower precision, copied pixels would be copies no more.
        super().__init__(name="refiner", autocast=False)
        self._source_count = frames + 1
        self._entry = convolutions.Conv2D(_WIDTHS[0], 1)
        self._down = [_convolution(width, 2) for width in _WIDTHS[1:]]
        # The story's state speaks from the coarsest scale on, at each.
        self._state = keras.layers.Dense(_WIDTHS[-1])
        self._middle = [_convolution(_WIDTHS[-1]) for _ in range(2)]
        self._modulations = [
            FeatureModulation(_WIDTHS[-1]) for _ in self._middle
        ]
        self._up = [_convolution(width) for width in _UP_WIDTHS]
        self._up_states = [keras.layers.Dense(width) for width in _UP_WIDTHS]
        self._upsample = keras.layers.UpSampling2D(interpolation="bilinear")
        self._paint = convolutions.Conv2D(3 * BLOCK**2, 1, dtype="float32")
        # Begins with the bias towards the last frame alone.
        self._choose = convolutions.Conv2D(
            self._source_count, 1, kernel_initializer="zeros", dtype="float32"
        )

    def call(
        self,
        frames: tf.Tensor,
        draft: tf.Tensor,
        state: tf.Tensor,
        training: bool = False,
    ) -> Refined:
        """Makes the next frame.

        Args:
          frames: float `[batch, frames, height, width, 3]`, the context.
          draft: float `[batch, height, width, 3]`, decoded from the predicted
            latent.
          state: float `[batch, units]`, what the story says of the frame.
          training: bool, keep choices of little weight, which learn too.
        """
        seen = [*tf.unstack(frames, axis=1), tf.cast(draft, frames.dtype)]
        x = tf.nn.space_to_depth(tf.concat(seen, axis=-1), BLOCK)
        x = _activation(self._entry(x))
        skips = []
        for layer in self._down:
            skips.append(x)
            x = _activation(layer(x))
        x += _everywhere(self._state(state))
        for layer, modulate in zip(
            self._middle, self._modulations, strict=True
        ):
            x += modulate(_activation(layer(x)), state)
        for layer, shift, skip in zip(
            self._up, self._up_states, reversed(skips), strict=True
        ):
            x = layer(tf.concat([self._upsample(x), skip], axis=-1))
            x = _activation(x + _everywhere(shift(state)))
        painted = tf.sigmoid(tf.nn.depth_to_space(self._paint(x), BLOCK))
        # One choice a block: its pixels come from the same frame.
        last = tf.one_hot(self._source_count - 2, self._source_count)
        logits = self._choose(x) + _LAST_FRAME_BIAS * last
        weights = tf.nn.softmax(logits)
        if not training:
            weights = without_least(weights)
        for axis in (1, 2):
            weights = tf.repeat(weights, BLOCK, axis=axis)
        sources = [*tf.unstack(tf.cast(frames, tf.float32), axis=1), painted]
        frame = tf.add_n(
            [
                weight[..., tf.newaxis] * source
                for weight, source in zip(
                    tf.unstack(weights, axis=-1), sources, strict=True
                )
            ]
        )
        return Refined(frame, painted, logits)


def _everywhere(vector: tf.Tensor) -> tf.Tensor:
    """Returns `[batch, channels]` as `[batch, 1, 1, channels]`."""
    return vector[:, tf.newaxis, tf.newaxis, :]


def without_least(weights: tf.Tensor) -> tf.Tensor:
    """Lets choices of little weight go, so that what stays, stays the same.

    A softmax never gives a pixel to one choice alone, and the little that
    all others have, over a whole frame, can cost more than what changes.

    Args:
      weights: float32 `[..., choices]` with sum 1.

    Returns:
      float32 `[..., choices]` with sum 1.
    """
    # The largest is at least the even weight: something is always kept.
    kept = tf.nn.relu(weights - _LEAST_PART / weights.shape[-1])
    return kept / tf.reduce_sum(kept, axis=-1, keepdims=True)
