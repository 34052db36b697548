"""A highway layer: each feature is transformed or carried along."""

import keras
import tensorflow as tf


class Highway(keras.layers.Layer):
    """Mixes features with what a dense layer makes of them.

    Srivastava et al. 2015, "Highway Networks", equation 3; Keras has no such
    layer:

      y = T(x) relu(W x + b) + (1 - T(x)) x,  T(x) = sigmoid(W_T x + b_T)
    """

    def build(self, features_shape):
        units = features_shape[-1]
        self._transform = keras.layers.Dense(
            units, activation="relu", dtype=self.dtype_policy
        )
        self._gate = keras.layers.Dense(
            units, activation="sigmoid", dtype=self.dtype_policy
        )
        self._transform.build(features_shape)
        self._gate.build(features_shape)

    def call(self, features: tf.Tensor) -> tf.Tensor:
        """Returns float `[..., units]` of float `[..., units]`."""
        gate = self._gate(features)
        return gate * self._transform(features) + (1 - gate) * features
