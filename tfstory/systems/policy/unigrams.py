"""How frequent each token is in the training data."""

from collections.abc import Iterable

import keras
import tensorflow as tf


class Unigrams(keras.layers.Layer):
    """The unigram model of the training data, a trivial baseline.

    Args:
      size: int, number of tokens.
      never: tokens that no sequence has.
    """

    def __init__(self, size: int, never: Iterable[int]):
        super().__init__(name="unigrams", trainable=False, dtype="float32")
        self._possible = 1.0 - tf.reduce_sum(
            tf.one_hot(list(never), size), axis=0
        )
        self.log_probabilities = self.add_weight(
            name="log_probabilities",
            shape=(size,),
            initializer=keras.initializers.Constant(0.0),
        )
        self._assign(tf.zeros([size]))
        self.built = True

    def adapt(self, batches: Iterable[tuple[tf.Tensor, tf.Tensor]]) -> None:
        """Counts the tokens, with one added to each.

        Args:
          batches: of tokens, int32 `[batch, length]`, and their mask.
        """
        size = self.log_probabilities.shape[0]
        counts = tf.zeros([size])
        for tokens, mask in batches:
            counts += tf.math.unsorted_segment_sum(
                tf.reshape(mask, [-1]), tf.reshape(tokens, [-1]), size
            )
        self._assign(counts)

    def nll(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns each token's negative log-likelihood in nats, float32."""
        return -tf.gather(tf.convert_to_tensor(self.log_probabilities), tokens)

    def _assign(self, counts):
        weights = (counts + 1.0) * self._possible
        logs = tf.math.log(weights) - tf.math.log(tf.reduce_sum(weights))
        # Finite: weights that are not count as a failed run.
        self.log_probabilities.assign(tf.maximum(logs, -1e9))
