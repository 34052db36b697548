"""A residual block of attention, as transformers have it."""

import keras
import tensorflow as tf

_HEADS = 4


class AttentionHop(keras.layers.Layer):
    """Looks at slots of a memory, then thinks: a residual block each.

    Multi-head attention and a dense block, both behind layer normalisation
    (Vaswani et al. 2017; Xiong et al. 2020 for the order).

    Args:
      units: int, size of queries and slots.
    """

    def __init__(self, units: int):
        super().__init__()
        self._attention_norm = keras.layers.LayerNormalization()
        self._attention = keras.layers.MultiHeadAttention(
            _HEADS, max(1, units // _HEADS)
        )
        self._dense_norm = keras.layers.LayerNormalization()
        self._wide = keras.layers.Dense(2 * units, activation="relu")
        self._narrow = keras.layers.Dense(units)

    def call(
        self, x: tf.Tensor, slots: tf.Tensor, mask: tf.Tensor
    ) -> tf.Tensor:
        """Looks.

        Args:
          x: float `[batch, queries, units]`.
          slots: float `[batch, slots, size]`.
          mask: bool `[batch, queries, slots]`, which of them may be seen; with
            one query it is that of all.

        Returns:
          float `[batch, queries, units]`.
        """
        x += self._attention(
            self._attention_norm(x), slots, attention_mask=mask
        )
        return x + self._narrow(self._wide(self._dense_norm(x)))
