"""Lets every place of a map look at the phrases that were told."""

import keras
import tensorflow as tf

from tfstory.layers.attention_hop import AttentionHop


class MapAttention(keras.layers.Layer):
    """Attention from the places of a map to phrases.

    A place is told by a vector of its row and one of its column, so that
    "far left" and "near the top" can each be matched for itself.

    Args:
      side: int, of the map.
      units: int, channels of the map that comes out.
      hops: int, blocks of attention.
    """

    def __init__(self, side: int, units: int, hops: int):
        super().__init__()
        self._side, self._units = side, units
        self._enter = keras.layers.Dense(units)
        self._hops = [AttentionHop(units) for _ in range(hops)]
        self._leave = keras.layers.LayerNormalization()
        self._rows, self._columns = (
            self.add_weight(
                shape=(side, units),
                # As large as what they are added to.
                initializer=keras.initializers.RandomNormal(stddev=1.0),
                name=name,
            )
            for name in ("rows", "columns")
        )

    def call(
        self, x: tf.Tensor, phrases: tf.Tensor, told: tf.Tensor
    ) -> tf.Tensor:
        """Looks.

        Args:
          x: float `[n, side, side, channels]`.
          phrases: float `[n, phrases, size]`.
          told: bool `[n, phrases]`, which of them may be seen.

        Returns:
          float `[n, side, side, units]`.
        """
        places = self._rows[:, tf.newaxis] + self._columns
        x = self._enter(x) + tf.cast(places, self.compute_dtype)
        x = tf.reshape(x, [-1, self._side**2, self._units])
        for hop in self._hops:
            x = hop(x, phrases, told[:, tf.newaxis])
        return tf.reshape(
            self._leave(x), [-1, self._side, self._side, self._units]
        )
