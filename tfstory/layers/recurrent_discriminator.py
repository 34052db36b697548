"""A GRU that judges a token sequence at every step."""

import keras
import tensorflow as tf

from tfstory.layers import gru
from tfstory.layers.sequence_discriminator import SequenceDiscriminator


class RecurrentDiscriminator(SequenceDiscriminator):
    """Reads a sequence and says after each token whether it seems true.

    Seed document 002, section 4.1, with its GRU: the reset gate acts on the
    state before the matrix does. There is no dropout. The state begins as
    zeros, so that no noise hints at where a sequence is from.

    Args:
      vocabulary_size: int.
      embedding_size: int.
      units: int, of the GRU.
    """

    def __init__(
        self,
        vocabulary_size: int,
        embedding_size: int = 200,
        units: int = 200,
    ):
        super().__init__(name="recurrent_discriminator")
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_size)
        self._gru = keras.layers.GRU(
            units, return_sequences=True, reset_after=False
        )
        self._output = keras.layers.Dense(1)

    def build(self, tokens_shape):
        self.embedding.build(tokens_shape)
        self._gru.build((*tokens_shape, self.embedding.output_dim))
        self._output.build((*tokens_shape, self._gru.units))

    def call(
        self,
        tokens: tf.Tensor,
        seed: tf.Tensor | None = None,
        mask: tf.Tensor | None = None,
    ) -> tf.Tensor:
        """Returns logits, float `[batch, length]`; see the base class."""
        # Padding stands after a sequence's end, and changes nothing before it.
        del seed, mask
        states = gru.run(self._gru, self.embedding(tokens))
        return self._output(states)[..., 0]
