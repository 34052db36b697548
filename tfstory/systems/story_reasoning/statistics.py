"""What the trivial baselines know of the training data."""

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf

from tfstory import pictures
from tfstory.metrics import tokens as token_metrics


class Statistics(keras.layers.Layer):
    """Mean picture and token frequencies, kept as weights with the model.

    So an exported model measures itself against the baselines alone.

    Args:
      image_size: int, pixels.
      vocabulary_size: int.
    """

    def __init__(self, image_size: int, vocabulary_size: int):
        super().__init__(name="statistics", trainable=False, dtype="float32")
        self.mean_picture = self.add_weight(
            name="mean_picture",
            shape=(image_size, image_size, 3),
            initializer=keras.initializers.Constant(0.5),
        )
        self.token_log_probabilities = self.add_weight(
            name="token_log_probabilities",
            shape=(vocabulary_size,),
            initializer=keras.initializers.Constant(
                -float(np.log(vocabulary_size))
            ),
        )
        self.built = True

    def adapt(self, batches: Iterable) -> None:
        """Measures the training data.

        Args:
          batches: of `(images, tokens)`: uint8
            `[batch, frames, height, width, 3]` and int32
            `[batch, frames, length]`.
        """
        shape = self.mean_picture.shape
        total = np.zeros(shape, np.float64)
        frames = 0
        counts = tf.zeros(self.token_log_probabilities.shape)
        for images, tokens in batches:
            flat = tf.reshape(pictures.to_unit(images), [-1, *shape])
            total += tf.reduce_sum(flat, axis=0).numpy()
            frames += int(flat.shape[0])
            counts += token_metrics.token_counts(tokens, counts.shape[0])
        if frames:
            self.mean_picture.assign(total / frames)
        # A finite floor: weights that are not finite count as a failed run.
        self.token_log_probabilities.assign(
            tf.maximum(token_metrics.unigram_log_probabilities(counts), -1e9)
        )
