"""What the trivial baselines know of the training data."""

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf

from tfstory.metrics import tokens as token_metrics
from tfstory.systems.picture_statistics import MeanPicture, PictureStatistics


class Statistics(PictureStatistics):
    """Mean picture and token frequencies.

    Args:
      image_size: int, pixels.
      vocabulary_size: int.
    """

    def __init__(self, image_size: int, vocabulary_size: int):
        super().__init__(image_size)
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
        mean = MeanPicture()
        counts = tf.zeros(self.token_log_probabilities.shape)
        for images, tokens in batches:
            mean.add(images)
            counts += token_metrics.token_counts(tokens, counts.shape[0])
        if mean.count:
            self.mean_picture.assign(mean.value)
        # A finite floor: weights that are not finite count as a failed run.
        self.token_log_probabilities.assign(
            tf.maximum(token_metrics.unigram_log_probabilities(counts), -1e9)
        )
