"""Sentences to vectors of fixed length."""

from collections.abc import Callable
from typing import NamedTuple

import keras
import tensorflow as tf

from tfstory.layers.pooling import masked_mean
from tfstory.layers.readers import reader
from tfstory.text.minilm import bert


class Told(NamedTuple):
    """Sentences as the networks have them.

    Attributes:
      vectors: float `[..., size]`, each as a whole, s_t.
      words: float `[..., length, units]`, each word among its neighbours;
        padding holds nothing of use.
    """

    vectors: tf.Tensor
    words: tf.Tensor


class SentenceEncoder(keras.Model):
    """Each sentence to a vector of fixed length, trained with what uses it.

    Args:
      vocabulary_size: int.
      embedding_size: int.
      size: int, of a sentence's vector.
      kind: str, of `readers.reader`.
    """

    def __init__(
        self, vocabulary_size: int, embedding_size: int, size: int, kind: str
    ):
        super().__init__(name="sentence_encoder")
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_size)
        self._read = reader(kind, size)
        self._vector = keras.layers.Dense(size, activation="tanh")

    def call(self, tokens: tf.Tensor) -> Told:
        """Reads sentences.

        Args:
          tokens: int32 `[..., length]`.
        """
        flat = tf.reshape(tokens, [-1, tokens.shape[-1]])
        read = self._read(self.embedding(flat), flat)
        vectors = self._vector(read.sentence)
        return Told(_as_in(tokens, vectors), _as_in(tokens, read.words))


class PretrainedSentenceEncoder(keras.Model):
    """Each sentence as a pretrained encoder has it, projected to our size.

    Seed document 000, section 1.3, step 2; the mean of the words' states, as
    Reimers & Gurevych 2019 take it.

    Args:
      encode: token ids, int32 `[n, length]`, to states, float
        `[n, length, units]`, of a `BertEncoder`. Its weights are no part of
        this network: all generators share them, and they are not trained.
      size: int, of a sentence's vector.
    """

    def __init__(self, encode: Callable[[tf.Tensor], tf.Tensor], size: int):
        super().__init__(name="sentence_encoder")
        self._encode = encode
        self._vector = keras.layers.Dense(size, activation="tanh")

    def encode(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns what no training changes, for several calls at once.

        Args:
          tokens: int32 `[..., length]`.

        Returns:
          float `[..., length, units]`, the states, without gradients.
        """
        flat = tf.reshape(tokens, [-1, tokens.shape[-1]])
        return _as_in(tokens, tf.stop_gradient(self._encode(flat)))

    def call(self, tokens: tf.Tensor, states: tf.Tensor | None = None) -> Told:
        """Reads sentences; see `SentenceEncoder.call`.

        Args:
          tokens: int32 `[..., length]`.
          states: of `encode`, where it has been called; None calls it.
        """
        if states is None:
            states = self.encode(tokens)
        mean = masked_mean(
            tf.reshape(states, [-1, *states.shape[-2:]]),
            tf.reshape(tokens, [-1, tokens.shape[-1]]) != bert.PAD,
        )
        # all-MiniLM-L6-v2 was trained with vectors of length 1.
        vectors = self._vector(tf.math.l2_normalize(mean, axis=-1))
        return Told(_as_in(tokens, vectors), states)


def _as_in(tokens: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
    """Brings values of sentences in one row into the order of the tokens."""
    rest = values.shape[1:]
    result = tf.reshape(
        values, tf.concat([tf.shape(tokens)[:-1], rest], axis=0)
    )
    result.set_shape(tokens.shape[:-1].concatenate(rest))
    return result
