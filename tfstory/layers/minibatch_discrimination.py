"""Minibatch discrimination: how close an example is to others."""

import keras
import tensorflow as tf


class MinibatchDiscrimination(keras.layers.Layer):
    """Gives a discriminator features of several examples at once.

    Salimans et al. 2016, "Improved Techniques for Training GANs", section
    3.2 (named in seed document 002, section 2.2). Features are projected to
    `kernels` rows of `size` numbers; for each row, an example's output is the
    mean over the others of exp(-L1 distance). The paper takes the sum over
    the batch, the example included; without the example and by the mean, the
    output means the same for any number of others.

    The batch is what `call` is given. Under replicas that is a part of the
    global batch: give all of it as `others` (`replicas.gather`), and where
    the part lies in it.

    Args:
      kernels: int, number of outputs.
      size: int, numbers that a distance is summed over.
    """

    def __init__(self, kernels: int, size: int, **arguments):
        super().__init__(**arguments)
        self._kernels = kernels
        self._size = size

    def build(self, input_shape):
        self.projection = self.add_weight(
            name="projection",
            shape=(input_shape[-1], self._kernels * self._size),
            initializer=keras.initializers.RandomNormal(stddev=0.5),
        )
        self.built = True

    def call(
        self,
        features: tf.Tensor,
        others: tf.Tensor | None = None,
        first: tf.Tensor | int | None = 0,
    ) -> tf.Tensor:
        """Compares examples with others.

        Args:
          features: float `[batch, width]`.
          others: float `[count, width]`, whom to compare with; None takes
            `features`.
          first: int32 scalar, place of the first example among the others,
            where the rest follow it; each leaves itself out. None where the
            examples are not among the others.

        Returns:
          float `[batch, kernels]`, from 0 (far from all) to 1; 0 where there
          is no other.
        """
        rows = self._project(features)
        columns = rows if others is None else self._project(others)
        # [kernels, size, batch, count]; kernels first, so that the sums run
        # along memory.
        distance = tf.reduce_sum(
            tf.abs(rows[..., :, tf.newaxis] - columns[..., tf.newaxis, :]),
            axis=1,
        )
        closeness = tf.exp(-distance)
        count = tf.shape(columns)[-1]
        others_of_each = tf.cast(count, closeness.dtype)
        if first is not None:
            # Left out by place: an example may differ from itself by rounding,
            # whose sign would be a gradient.
            places = first + tf.range(tf.shape(rows)[-1])
            own = tf.equal(places[:, tf.newaxis], tf.range(count))
            closeness = tf.where(own, tf.zeros([], closeness.dtype), closeness)
            others_of_each -= 1.0
        closeness = tf.reduce_sum(closeness, axis=-1)
        return tf.transpose(tf.math.divide_no_nan(closeness, others_of_each))

    def _project(self, features: tf.Tensor) -> tf.Tensor:
        """Returns `[kernels, size, batch]`."""
        projection = tf.convert_to_tensor(self.projection)
        projected = tf.transpose(tf.matmul(features, projection))
        return tf.reshape(projected, [self._kernels, self._size, -1])

    def compute_output_shape(self, input_shape):
        """Returns `(batch, kernels)`."""
        return (input_shape[0], self._kernels)
