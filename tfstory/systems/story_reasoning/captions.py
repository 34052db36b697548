"""Reads the context's captions and writes the next one."""

import keras
import tensorflow as tf

from tfstory.layers.attention_hop import AttentionHop
from tfstory.systems.story_reasoning.memory import Memory
from tfstory.text import vocabulary


class CaptionEncoder(keras.Model):
    """Embedding and GRU over each caption (seed document 001).

    Args:
      vocabulary_size: int.
      length: int, tokens a caption.
      embedding_size: int.
      units: int, size of the GRU's state.
      bidirectional: bool, read backwards too and add both readings.
      places: bool, add each word's position and the word before it to its
        state, for a decoder that attends to words.
    """

    def __init__(
        self,
        vocabulary_size: int,
        length: int,
        embedding_size: int,
        units: int,
        bidirectional: bool,
        places: bool,
    ):
        super().__init__(name="caption_encoder")
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_size)
        # Where a reading has seen the whole sentence.
        self._ends = [vocabulary.END]
        if bidirectional:
            self._ends.append(vocabulary.START)
        self._places = places
        if places:
            # Sentences of one narrator have like words at like places, and
            # to go on as an earlier one went on is to find where it stood
            # behind the same word.
            self.positions = keras.layers.Embedding(length, units)
            self._pair = keras.layers.Dense(units)
        # cuDNN's kernels in an export would run on no CPU server.
        gru = keras.layers.GRU(units, return_sequences=True, use_cudnn=False)
        self._gru = (
            keras.layers.Bidirectional(gru, merge_mode="sum")
            if bidirectional
            else gru
        )
        self._vector = keras.layers.Dense(units, activation="tanh")

    def call(self, tokens: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Reads captions.

        Args:
          tokens: int32 `[n, length]`.

        Returns:
          Word states, float `[n, length, units]`, and one vector a caption,
          float `[n, units]`, from the state at its end token and, read
          backwards too, at its start token.
        """
        mask = tokens != vocabulary.PAD
        embedded = self.embedding(tokens)
        states = self._gru(embedded, mask=mask)
        at_ends = tf.reduce_any(
            [tokens == token for token in self._ends], axis=0
        )
        at_ends = tf.cast(at_ends, states.dtype)
        vectors = self._vector(tf.einsum("nl,nlu->nu", at_ends, states))
        if not self._places:
            return states, vectors
        before = tf.pad(embedded[:, :-1], [[0, 0], [1, 0], [0, 0]])
        states += self._pair(tf.concat([before, embedded], axis=-1))
        return states + self.positions(tf.range(tokens.shape[1])), vectors


class CaptionDecoder(keras.Model):
    """A GRU and a linear layer that write a caption (seed document 001).

    Options beyond the seed: attention over the context's words, several
    times in turn; a pointer that copies them (See et al. 2017, "Get To The
    Point", equations 8-9); output weights tied to the embedding (Press and
    Wolf 2017).

    Args:
      encoder: whose embeddings of words and, with `hops`, positions are
        shared.
      units: int, size of the GRU's state.
      hops: int, attentions over the context's words, one after another; 0
        for none, the seed's form.
      copy: bool, mix copied words into the distribution; needs a hop.
      tie: bool, tie the output weights to the embedding.
    """

    def __init__(
        self,
        encoder: CaptionEncoder,
        units: int,
        hops: int,
        copy: bool,
        tie: bool,
    ):
        super().__init__(name="caption_decoder")
        self.embedding = encoder.embedding
        self._gru = keras.layers.GRU(
            units, return_sequences=True, return_state=True, use_cudnn=False
        )
        self._hops = [AttentionHop(units) for _ in range(hops)]
        if hops:
            self._positions = encoder.positions
        self._pointer = CopyPointer(units) if copy else None
        self._tie = tie
        if tie:
            self._to_embedding = keras.layers.Dense(self.embedding.output_dim)
        else:
            self._linear = keras.layers.Dense(
                self.embedding.input_dim, dtype="float32"
            )

    def call(
        self,
        tokens: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
        memory: Memory | None,
        frames: tf.Tensor,
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        """Scores the token after each given one.

        Args:
          tokens: int32 `[batch, captions, steps]`, the first of all the start
            token.
          state: the GRU's state, float `[batch, captions, units]`, before the
            first token the story's; and the position of the first of
            `tokens`, int32 `[batch]`.
          memory: Memory; None for a decoder without hops.
          frames: int32 `[captions]`, the frame that each caption tells. It
            sees the memory of earlier frames.

        Returns:
          Logits, float32 `[batch, captions, steps, vocabulary]` (normalised
          log-probabilities with `copy`), and the state after the last token.
        """
        hidden, position = state
        batch = tf.shape(tokens)[0]
        captions, steps = tokens.shape[1:]
        units = hidden.shape[-1]
        outputs, hidden = self._gru(
            self.embedding(tf.reshape(tokens, [-1, steps])),
            initial_state=tf.reshape(hidden, [-1, units]),
        )
        # From here on all captions' steps are one sequence of queries.
        outputs = tf.reshape(outputs, [batch, captions, steps, units])
        if self._hops:
            places = self._positions(position[:, None] + tf.range(steps))
            outputs += places[:, tf.newaxis]
        outputs = tf.reshape(outputs, [batch, captions * steps, units])
        if self._hops:
            mask = tf.repeat(memory.before(frames), steps, axis=1)
            for hop in self._hops:
                outputs = hop(outputs, memory.slots, mask)
        logits = self._logits(outputs)
        if self._pointer is not None:
            logits = self._pointer(
                outputs, logits, memory.slots, memory.tokens, mask
            )
        logits = tf.reshape(logits, [batch, captions, steps, logits.shape[-1]])
        hidden = tf.reshape(hidden, [batch, captions, units])
        return logits, (hidden, position + steps)

    def output_word_weights(self) -> list[tuple[keras.Variable, int]]:
        """Returns the output layer's variables with the axis of the words."""
        if self._tie:
            return []
        return [(self._linear.kernel, 1), (self._linear.bias, 0)]

    def _logits(self, features):
        if not self._tie:
            return self._linear(features)
        words = tf.cast(
            self.embedding.embeddings, self._to_embedding.compute_dtype
        )
        return tf.cast(
            tf.einsum("bse,ve->bsv", self._to_embedding(features), words),
            tf.float32,
        )


class CopyPointer(keras.layers.Layer):
    """Mixes the context's words into the distribution over all words.

    See et al. 2017, equations 8-9, with a gate by the decoder's output alone
    and attention of its own.

    Args:
      units: int, of queries and keys.
    """

    def __init__(self, units: int):
        super().__init__()
        self._norm = keras.layers.LayerNormalization()
        self._query = keras.layers.Dense(units, use_bias=False)
        self._key = keras.layers.Dense(units, use_bias=False)
        self._gate = keras.layers.Dense(1, dtype="float32")

    def call(
        self,
        x: tf.Tensor,
        logits: tf.Tensor,
        memory: tf.Tensor,
        memory_tokens: tf.Tensor,
        mask: tf.Tensor,
    ) -> tf.Tensor:
        """Mixes.

        Args:
          x: float `[batch, steps, units]`, the decoder's outputs.
          logits: float32 `[batch, steps, vocabulary]`, of all words.
          memory: float `[batch, words, units]`, the context's words.
          memory_tokens: int32 `[batch, words]`, their ids.
          mask: bool `[batch, steps, words]`, which may be copied.

        Returns:
          float32 `[batch, steps, vocabulary]`, log-probabilities in nats.
        """
        x = self._norm(x)
        scores = tf.einsum("bsu,bwu->bsw", self._query(x), self._key(memory))
        scores *= tf.cast(memory.shape[-1], scores.dtype) ** -0.5
        scores = tf.cast(scores, tf.float32)
        scores -= 1e9 * tf.cast(~mask, tf.float32)
        copied = _sum_by_token(
            tf.nn.softmax(scores), memory_tokens, logits.shape[-1]
        )
        gate = self._gate(x)
        written = tf.nn.log_softmax(logits) + tf.math.log_sigmoid(gate)
        # The floor keeps the logarithm and its gradient finite.
        copied = tf.math.log(copied + 1e-9) + tf.math.log_sigmoid(-gate)
        return tf.nn.log_softmax(
            tf.maximum(written, copied)
            + tf.math.softplus(-tf.abs(written - copied))
        )


def _sum_by_token(
    weights: tf.Tensor, tokens: tf.Tensor, vocabulary_size: int
) -> tf.Tensor:
    """Sums the weights of each token's places.

    By segments rather than one-hot vectors, whose product would cost the
    vocabulary's size at every place.

    Args:
      weights: float32 `[batch, steps, words]`.
      tokens: int32 `[batch, words]`.
      vocabulary_size: int.

    Returns:
      float32 `[batch, steps, vocabulary_size]`.
    """
    shape = tf.shape(weights)
    segments = tokens + vocabulary_size * tf.range(shape[0])[:, None]
    sums = tf.math.unsorted_segment_sum(
        tf.reshape(tf.transpose(weights, [0, 2, 1]), [-1, shape[1]]),
        tf.reshape(segments, [-1]),
        vocabulary_size * shape[0],
    )
    sums = tf.reshape(sums, [shape[0], vocabulary_size, shape[1]])
    return tf.transpose(sums, [0, 2, 1])
