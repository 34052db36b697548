"""Keras's convolutions, also where a replica has no example.

Networks take these and no others, so that no system has to think of a last
batch that is smaller than the replicas; a test of the house holds it.
"""

import keras
import tensorflow as tf

from tfstory.layers.empty_batches import convolved


class _AlsoOfNone:
    """Comes before a Keras convolution among the bases."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Convolves.

        Args:
          inputs: float `[batch, ..., channels]`.
        """
        return convolved(super().call, inputs)


# By Keras's own names, so that weights are called what they ever were.
class Conv1D(_AlsoOfNone, keras.layers.Conv1D):
    """`keras.layers.Conv1D`, of batches of none too."""


class Conv2D(_AlsoOfNone, keras.layers.Conv2D):
    """`keras.layers.Conv2D`, of batches of none too."""


class Conv2DTranspose(_AlsoOfNone, keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, of batches of none too."""
