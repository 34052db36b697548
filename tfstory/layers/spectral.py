"""A convolution whose kernel has a spectral norm of about 1.

Miyato et al. 2018, "Spectral Normalization for Generative Adversarial
Networks", algorithm 1. `keras.layers.SpectralNormalization` writes the
normalised kernel back over the trained one in every training call, and the
gradient does not see the norm (the paper's equation 10). Here the trained
kernel stays as it is, a call changes nothing, and whoever trains calls
`update` once a step, and `settle` before the first.
"""

import keras
import tensorflow as tf

_EPSILON = 1e-12
_FIRST_ITERATIONS = 20


class SpectralConv2D(keras.layers.Conv2D):
    """A convolution whose kernel, as a matrix, has spectral norm 1."""

    def build(self, input_shape):
        super().build(input_shape)
        self._direction = self.add_weight(
            name="direction",
            shape=(self.kernel.shape[-1],),
            initializer=keras.initializers.RandomNormal(),
            trainable=False,
            dtype="float32",
            # All replicas compute the same one.
            aggregation="only_first_replica",
        )

    def call(self, inputs):
        x = self.convolution_op(inputs, self.normalized_kernel())
        return x + tf.cast(self.bias.value, x.dtype)

    def settle(self) -> None:
        """Finds the singular vector, from wherever the direction points.

        With a random direction the norm comes out too small, and outputs are
        thousands. Not a part of `build`, whose assignments are lost where
        Keras builds a layer inside another.
        """
        for _ in range(_FIRST_ITERATIONS):
            self.update()

    def update(self) -> None:
        """Comes one power iteration closer to the singular vector."""
        matrix = self._matrix()
        left = _unit(tf.linalg.matvec(matrix, self._direction.value))
        self._direction.assign(
            _unit(tf.linalg.matvec(matrix, left, transpose_a=True))
        )

    def normalized_kernel(self) -> tf.Tensor:
        """Returns the kernel over its spectral norm, in the compute dtype."""
        kernel = tf.convert_to_tensor(self.kernel.value)
        matrix = self._matrix()
        right = tf.stop_gradient(tf.convert_to_tensor(self._direction.value))
        image = tf.linalg.matvec(matrix, right)
        left = tf.stop_gradient(_unit(image))
        norm = tf.tensordot(left, image, 1)
        kernel = tf.cast(kernel, tf.float32) / tf.maximum(norm, _EPSILON)
        return tf.cast(kernel, self.compute_dtype)

    def _matrix(self) -> tf.Tensor:
        """Returns the kernel as float32 `[inputs, outputs]`."""
        kernel = tf.cast(self.kernel.value, tf.float32)
        return tf.reshape(kernel, [-1, kernel.shape[-1]])


def _unit(vector: tf.Tensor) -> tf.Tensor:
    return vector / tf.maximum(tf.norm(vector), _EPSILON)
