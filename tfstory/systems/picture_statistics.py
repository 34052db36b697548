"""The mean of the training pictures, which baselines are made from."""

import keras
import numpy as np
import tensorflow as tf

from tfstory import pictures


class PictureStatistics(keras.layers.Layer):
    """Statistics of the training data, kept as weights with the model.

    So an exported model measures itself against the baselines alone. Systems
    add what else they keep, and then set `built`.

    Args:
      image_size: int, pixels.
    """

    def __init__(self, image_size: int):
        super().__init__(name="statistics", trainable=False, dtype="float32")
        self.mean_picture = self.add_weight(
            name="mean_picture",
            shape=(image_size, image_size, 3),
            initializer=keras.initializers.Constant(0.5),
        )


class MeanPicture:
    """A mean of pictures that come batch by batch.

    Attributes:
      count: int, pictures so far.
    """

    def __init__(self):
        self.count = 0
        self._total = 0.0

    def add(self, images: tf.Tensor) -> None:
        """Adds uint8 `[..., height, width, 3]`."""
        flat = tf.reshape(pictures.to_unit(images), [-1, *images.shape[-3:]])
        # In float64 over the batches, whose number has no bound.
        self._total = self._total + np.asarray(
            tf.reduce_sum(flat, axis=0), np.float64
        )
        self.count += int(flat.shape[0])

    @property
    def value(self) -> np.ndarray:
        """The mean, float64 `[height, width, 3]` in [0, 1]."""
        return self._total / self.count
