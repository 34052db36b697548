"""Features of pictures that distances are measured in, each with its name.

A distance in features says nothing without the features' name: every figure
carries it.
"""

import functools
import os

import keras
import numpy as np
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.layers.empty_batches import convolved

_SEED = 0
_WIDTHS = (16, 32, 64, 64)
_KERNEL = 4
# The projection looks at a map of at most so many rows and columns.
_MAP = 4


class RandomConvolutions(keras.layers.Layer):
    """A convolution network that nobody has trained, the same everywhere.

    Needs no download and knows no dataset, so that figures of all runs can be
    compared. Random features tell sets of pictures apart nearly as well as
    trained ones (Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics
    for Generative Models", section 3.3), but see no meaning: a figure in them
    is not to be set beside one in Inception features.

    Args:
      image_size: int, pixels; a figure belongs to its size.
    """

    NAME = "random_convolutions"
    SIZE = 64

    def __init__(self, image_size: int):
        super().__init__(name=self.NAME, trainable=False, dtype="float32")
        self._kernels = []
        side, channels = image_size, 3
        for width in _WIDTHS:
            if side <= _MAP:
                break
            self._kernels.append(
                self._fixed((_KERNEL, _KERNEL, channels, width))
            )
            side, channels = -(-side // 2), width
        self._projection = self._fixed((side * side * channels, self.SIZE))
        self.built = True

    def call(self, pictures: tf.Tensor) -> tf.Tensor:
        """Returns the features.

        Args:
          pictures: float `[n, image_size, image_size, 3]` in [0, 1].

        Returns:
          float32 `[n, SIZE]`.
        """
        x = 2.0 * tf.cast(pictures, tf.float32) - 1.0
        for kernel in self._kernels:
            convolve = functools.partial(
                tf.nn.conv2d,
                filters=tf.convert_to_tensor(kernel),
                strides=2,
                padding="SAME",
            )
            x = tf.nn.leaky_relu(convolved(convolve, x), 0.2)
        x = tf.reshape(x, [-1, self._projection.shape[0]])
        return tf.matmul(x, tf.convert_to_tensor(self._projection))

    def _fixed(self, shape):
        """Adds a weight that keeps the variance of what comes in."""
        number = len(self.weights)

        def values(shape, dtype):
            # One algorithm: the same numbers on every machine and version.
            normal = tf.random.stateless_normal(
                shape, seed=[_SEED, number], alg="philox"
            )
            return float(np.sqrt(2.0 / np.prod(shape[:-1]))) * normal

        return self.add_weight(
            name=f"fixed_{number}", shape=shape, initializer=values
        )


class Inception:
    """The last pooling of InceptionV3, from the user's own weights file.

    The network is that of `keras.applications`; figures made with other
    copies of Inception differ somewhat.

    Args:
      weights: str, an `.h5` file of InceptionV3 without its top layer, as
        `keras.applications` downloads it.

    Raises:
      UserError: there is no such file, or it holds other weights.
    """

    NAME = "inception_v3"
    _INPUT = 299

    def __init__(self, weights: str):
        if not os.path.isfile(weights):
            raise UserError(
                f"there is no file {weights} of Inception's weights; give the "
                "one that keras.applications.InceptionV3(include_top=False) "
                "loads"
            )
        try:
            self._network = keras.applications.InceptionV3(
                include_top=False, weights=weights, pooling="avg"
            )
        except (ValueError, OSError) as error:
            raise UserError(
                f"{weights} does not hold the weights of InceptionV3 without "
                f"its top layer: {' '.join(str(error).split())[:200]}"
            ) from None

    def __call__(self, pictures: tf.Tensor) -> tf.Tensor:
        """Returns float32 `[n, 2048]`; see `RandomConvolutions.call`."""
        resized = tf.image.resize(pictures, [self._INPUT, self._INPUT])
        return self._network(2.0 * resized - 1.0, training=False)
