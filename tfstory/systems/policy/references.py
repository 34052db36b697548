"""Training sequences that the BLEU reward compares with."""

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf

from tfstory.objectives.bleu import BleuReward


class References(keras.layers.Layer):
    """Some sequences of the training data, as weights: a run goes on with them.

    Args:
      count: int, of the sequences.
      length: int, tokens of the longest.
    """

    def __init__(self, count: int, length: int):
        super().__init__(name="references", trainable=False, dtype="float32")
        # Tokens plus one, and zeros behind the end.
        self._tokens = self.add_weight(
            name="tokens",
            shape=(count, length),
            dtype="int32",
            initializer="zeros",
        )
        self.built = True

    def adapt(self, batches: Iterable[tuple[tf.Tensor, tf.Tensor]]) -> None:
        """Takes the first sequences; fewer where there are no more.

        Args:
          batches: of tokens, int32 `[batch, length]`, and their mask.
        """
        kept = np.zeros(self._tokens.shape, np.int32)
        place = 0
        for tokens, mask in batches:
            rows = ((tokens + 1) * tf.cast(mask, tf.int32)).numpy()
            rows = rows[: len(kept) - place]
            kept[place : place + len(rows)] = rows
            place += len(rows)
        self._tokens.assign(kept)

    def reward(self) -> BleuReward:
        """Returns the reward: BLEU-2 against these sequences."""
        # Also while a graph is made, which takes them as they are.
        with tf.init_scope():
            rows = keras.ops.convert_to_numpy(self._tokens)
        found = [row[row > 0] - 1 for row in rows if row.any()]
        # Before there are any, every sequence is as good.
        return BleuReward(found or [np.zeros(1, np.int32)])
