"""Reads the context's captions and writes the next one."""

import keras
import tensorflow as tf

from tfstory.text import vocabulary


class CaptionEncoder(keras.Model):
    """Embedding and GRU over each caption (seed document 001).

    Args:
      vocabulary_size: int.
      embedding_size: int.
      units: int, size of the GRU's state.
      bidirectional: bool, read backwards too and add both readings.
    """

    def __init__(
        self,
        vocabulary_size: int,
        embedding_size: int,
        units: int,
        bidirectional: bool,
    ):
        super().__init__(name="caption_encoder")
        self.embedding = keras.layers.Embedding(
            vocabulary_size, embedding_size
        )
        gru = keras.layers.GRU(units, return_sequences=True)
        self._gru = (
            keras.layers.Bidirectional(gru, merge_mode="sum")
            if bidirectional
            else gru
        )
        self._last_word = keras.layers.Dense(units, activation="tanh")

    def call(self, tokens: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Reads captions.

        Args:
          tokens: int32 `[n, length]`.

        Returns:
          Word states, float `[n, length, units]`, and one vector a caption,
          float `[n, units]`, from the state at its end token.
        """
        mask = tokens != vocabulary.PAD
        states = self._gru(self.embedding(tokens), mask=mask)
        at_end = tf.cast(tokens == vocabulary.END, states.dtype)
        return states, self._last_word(
            tf.einsum("nl,nlu->nu", at_end, states)
        )


class CaptionDecoder(keras.Model):
    """A GRU and a linear layer that write a caption (seed document 001).

    Options beyond the seed: attention over the context's words; a pointer
    that copies them (See et al. 2017, "Get To The Point", equations 8-9);
    output weights tied to the embedding (Press and Wolf 2017).

    Args:
      embedding: the caption encoder's embedding, shared.
      units: int, size of the GRU's state.
      attention: bool, look at the context's words at every step.
      copy: bool, mix copied words into the distribution; needs `attention`.
      tie: bool, tie the output weights to the embedding.
    """

    def __init__(
        self,
        embedding: keras.layers.Embedding,
        units: int,
        attention: bool,
        copy: bool,
        tie: bool,
    ):
        super().__init__(name="caption_decoder")
        if copy and not attention:
            raise ValueError("copy needs attention; switch both on or copy off")
        self.embedding = embedding
        self._gru = keras.layers.GRU(
            units, return_sequences=True, return_state=True
        )
        self._attend = attention
        self._copy = copy
        self._tie = tie
        if attention:
            self._query = keras.layers.Dense(units, use_bias=False)
            self._mix = keras.layers.Dense(units, activation="tanh")
        if copy:
            self._gate = keras.layers.Dense(1, dtype="float32")
        if tie:
            self._to_embedding = keras.layers.Dense(embedding.output_dim)
        else:
            self._linear = keras.layers.Dense(
                embedding.input_dim, dtype="float32"
            )

    def call(
        self,
        tokens: tf.Tensor,
        state: tf.Tensor,
        memory: tf.Tensor,
        memory_tokens: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Scores the token after each given one.

        Args:
          tokens: int32 `[batch, steps]`, beginning with the start token.
          state: float `[batch, units]`, the GRU's first state.
          memory: float `[batch, words, units]`, states of the context's words.
          memory_tokens: int32 `[batch, words]`, their ids; 0 is padding.

        Returns:
          Logits, float32 `[batch, steps, vocabulary]` (normalised
          log-probabilities with `copy`), and the state after the last token.
        """
        outputs, state = self._gru(
            self.embedding(tokens), initial_state=state
        )
        if not self._attend:
            return self._logits(outputs), state
        scores = tf.einsum(
            "bsu,bwu->bsw", self._query(outputs), memory
        ) * tf.cast(memory.shape[-1], outputs.dtype) ** -0.5
        scores = tf.cast(scores, tf.float32)
        padding = tf.cast(memory_tokens == vocabulary.PAD, tf.float32)
        weights = tf.nn.softmax(scores - 1e9 * padding[:, None, :])
        read = tf.einsum(
            "bsw,bwu->bsu", tf.cast(weights, memory.dtype), memory
        )
        mixed = self._mix(tf.concat([outputs, read], axis=-1))
        logits = self._logits(mixed)
        if not self._copy:
            return logits, state
        return self._mix_copies(mixed, logits, weights, memory_tokens), state

    def output_word_weights(self) -> list[tuple[keras.Variable, int]]:
        """Returns the output layer's variables with the axis of the words."""
        if self._tie:
            return []
        return [(self._linear.kernel, 1), (self._linear.bias, 0)]

    def _logits(self, features):
        if not self._tie:
            return self._linear(features)
        return tf.cast(
            tf.einsum(
                "bse,ve->bsv",
                self._to_embedding(features),
                tf.cast(
                    self.embedding.embeddings, self._to_embedding.compute_dtype
                ),
            ),
            tf.float32,
        )

    def _mix_copies(self, features, logits, weights, memory_tokens):
        one_hot = tf.one_hot(memory_tokens, self.embedding.input_dim)
        copied = tf.einsum("bsw,bwv->bsv", weights, one_hot)
        gate = self._gate(features)
        written = tf.nn.log_softmax(logits) + tf.math.log_sigmoid(gate)
        # The floor keeps the logarithm and its gradient finite.
        copied = tf.math.log(copied + 1e-9) + tf.math.log_sigmoid(-gate)
        return tf.nn.log_softmax(
            tf.maximum(written, copied)
            + tf.math.softplus(-tf.abs(written - copied))
        )
