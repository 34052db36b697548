"""Lets a vector scale and shift the features of a picture."""

import keras
import tensorflow as tf


class FeatureModulation(keras.layers.Layer):
    """Feature-wise linear modulation (Perez et al. 2018, equation 2).

    Each channel is scaled and shifted by what a linear layer makes of the
    vector. Begins near the identity.

    Args:
      channels: int, of the features.
    """

    def __init__(self, channels: int):
        super().__init__()
        self._scale_and_shift = keras.layers.Dense(
            2 * channels,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
        )

    def call(self, features: tf.Tensor, vector: tf.Tensor) -> tf.Tensor:
        """Modulates.

        Args:
          features: float `[batch, height, width, channels]`.
          vector: float `[batch, units]`.

        Returns:
          float `[batch, height, width, channels]`.
        """
        scale, shift = tf.split(
            self._scale_and_shift(vector)[:, None, None, :], 2, axis=-1
        )
        return features * (1 + scale) + shift
