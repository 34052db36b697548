"""Maxout: the largest of several linear maps."""

import keras
import tensorflow as tf


class Maxout(keras.layers.Layer):
    """A dense layer whose units each take the largest of their pieces.

    Goodfellow et al. 2013, "Maxout Networks", equation 2 (seed document 002,
    section 3); Keras has no such layer.

    Args:
      units: int, values that come out.
      pieces: int, linear maps a unit.
    """

    def __init__(self, units: int, pieces: int, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.pieces = pieces
        self._linear = keras.layers.Dense(
            units * pieces, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        self._linear.build(input_shape)
        self.built = True

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Returns float `[..., units]` of float `[..., size]`."""
        maps = self._linear(inputs)
        shape = (*keras.ops.shape(maps)[:-1], self.units, self.pieces)
        return keras.ops.max(keras.ops.reshape(maps, shape), axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
