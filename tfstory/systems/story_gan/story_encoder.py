"""A story to the context that it begins with."""

import keras
import tensorflow as tf

# Of the log-variance: beyond these, exp and its gradient leave float16.
_LEAST_LOG_VARIANCE, _MOST_LOG_VARIANCE = -8.0, 8.0


class StoryEncoder(keras.Model):
    """A story to the distribution of its first context h_0.

    Seed document 000, section 1.1: `h_0 = mu(S) + sigma(S) * eps`, with eps
    from a standard normal. mu and log sigma^2 are dense layers over the last
    state of a GRU that reads the story, of however many sentences.

    Args:
      size: int, of h_0.
    """

    def __init__(self, size: int):
        super().__init__(name="story_encoder")
        self._gru = keras.layers.GRU(size, use_cudnn=False)
        self._mean = keras.layers.Dense(size, dtype="float32")
        self._log_variance = keras.layers.Dense(size, dtype="float32")

    def call(self, sentences: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Reads stories.

        Args:
          sentences: float `[batch, frames, size]`.

        Returns:
          The mean and the log-variance of h_0, float32 `[batch, size]`.
        """
        story = self._gru(sentences)
        log_variance = tf.clip_by_value(
            self._log_variance(story), _LEAST_LOG_VARIANCE, _MOST_LOG_VARIANCE
        )
        return self._mean(story), log_variance


def first_context(
    mean: tf.Tensor, log_variance: tf.Tensor, noise: tf.Tensor
) -> tf.Tensor:
    """Returns h_0 of its distribution and standard normal noise.

    Args:
      mean, log_variance: float32 `[batch, size]`.
      noise: float32 `[batch, size]`, or `[size]` for the same in all stories.
    """
    return mean + tf.exp(0.5 * log_variance) * noise
