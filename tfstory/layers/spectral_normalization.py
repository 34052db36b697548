"""Spectral normalisation of a linear layer's kernel."""

import keras
import tensorflow as tf

_SETTLING_ITERATIONS = 20


class SpectralNormalization(keras.layers.Layer):
    """Divides a layer's kernel by its largest singular value.

    Miyato et al. 2018, "Spectral Normalization for Generative Adversarial
    Networks", algorithm 1: one step of power iteration a training call. The
    layer is linear, so its output is divided, and the kernel is left alone.
    `keras.layers.SpectralNormalization` instead writes the normalised kernel
    back in every call: the gradient misses what the norm does, the optimizer
    finds other weights than it left, and replicas cannot do it.

    Args:
      layer: with a `kernel` and no bias or activation, such as
        `keras.layers.Conv2D(width, 4, use_bias=False)`; the bias is here.

    Raises:
      ValueError: the layer has a bias or an activation.
    """

    def __init__(self, layer: keras.layers.Layer):
        super().__init__(dtype=layer.dtype_policy)
        if layer.use_bias or layer.activation is not keras.activations.linear:
            raise ValueError(
                "spectral normalisation takes a layer with use_bias=False and "
                "no activation: the result is divided by the kernel's norm"
            )
        self.layer = layer

    def build(self, input_shape):
        self.layer.build(input_shape)
        channels = self.layer.kernel.shape[-1]
        self.bias = self.add_weight(
            name="bias", shape=(channels,), initializer="zeros"
        )
        # Made from the weights alone, so it is the same on every replica.
        self.direction = self.add_weight(
            name="direction",
            shape=(1, channels),
            initializer="random_normal",
            trainable=False,
            dtype="float32",
            autocast=False,
            aggregation="only_first_replica",
        )

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Applies the normalised layer.

        Args:
          inputs: float, what the layer takes.
          training: bool, whether to refine the estimate of the norm. Who
            calls without it, because a call must change nothing, calls
            `update` once a step.
        """
        norm = self.norm(training)
        outputs = self.layer(inputs)
        return outputs / tf.cast(norm, outputs.dtype) + self.bias

    def settle(self) -> None:
        """Finds the norm of the kernel as it is, from any direction.

        A random direction's is too small, and outputs would be thousands. Not
        a part of `build`, whose assignments are lost where Keras builds a
        layer inside another.
        """
        for _ in range(_SETTLING_ITERATIONS):
            self.update()

    def update(self) -> None:
        """Refines the estimate of the norm by one power iteration."""
        self.norm(training=True)

    def norm(self, training: bool = False) -> tf.Tensor:
        """Returns the kernel's largest singular value, float32 scalar.

        Args:
          training: bool, as in `call`.
        """
        kernel = tf.cast(self.layer.kernel, tf.float32)
        kernel = tf.reshape(kernel, [-1, kernel.shape[-1]])
        right = tf.convert_to_tensor(self.direction.value)
        fixed = tf.stop_gradient(kernel)
        left = tf.math.l2_normalize(tf.matmul(right, fixed, transpose_b=True))
        right = tf.math.l2_normalize(tf.matmul(left, fixed))
        if training:
            self.direction.assign(right)
        norm = tf.matmul(tf.matmul(left, kernel), right, transpose_b=True)
        return tf.maximum(norm[0, 0], 1e-12)
