"""A convolution of an upsampled map, in fewer multiplications."""

import keras
import numpy as np
import tensorflow as tf

from tfstory.layers.empty_batches import convolved

_SIDE = 3
# Taps of the 3 rows of a kernel that the 4 rows of its transposed form sum.
_ROWS = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]], np.float32)


class UpsampledConvolution(keras.layers.Layer):
    """`UpSampling2D(interpolation="nearest")`, then a 3x3 `Conv2D`, in one.

    After nearest upsampling neighbours are equal, and most of the kernel's
    nine taps fall on four pixels of the small map. So a transposed
    convolution of stride 2, whose 4x4 kernel sums these taps, gives the same
    with 4 multiplications in place of 9. Same padding, no bias; the kernel is
    that of the `Conv2D`.

    Args:
      filters: int, channels of the result.
    """

    def __init__(self, filters: int):
        super().__init__()
        self._filters = filters

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(_SIDE, _SIDE, input_shape[-1], self._filters),
            initializer="glorot_uniform",
        )

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """Upsamples and convolves.

        Args:
          x: float `[batch, height, width, channels]`.

        Returns:
          float `[batch, 2 * height, 2 * width, filters]`.
        """
        return convolved(self._convolve, x)

    def _convolve(self, x):
        kernel = tf.convert_to_tensor(self.kernel)
        rows = tf.constant(_ROWS, kernel.dtype)
        transposed = tf.einsum("uk,vl,klio->uvoi", rows, rows, kernel)
        shape = tf.shape(x)
        result = tf.nn.conv2d_transpose(
            x,
            transposed,
            [shape[0], 2 * shape[1], 2 * shape[2], self._filters],
            strides=2,
        )
        sides = [side and 2 * side for side in x.shape[1:3]]
        result.set_shape([x.shape[0], *sides, self._filters])
        return result
