"""A sentence's embedded words to features of the whole sentence."""

from typing import NamedTuple

import keras
import tensorflow as tf

from tfstory.layers import convolutions
from tfstory.layers.pooling import masked_mean
from tfstory.text import vocabulary

GRU = "gru"
CONVOLUTION = "convolution"
BAG = "bag"
KINDS = (GRU, CONVOLUTION, BAG)
_LAYERS = 3
_WIDTH = 5  # words that each convolution sees


class Read(NamedTuple):
    """What a reader makes of sentences.

    Attributes:
      words: float `[n, length, units]`, each in its place; padding holds
        nothing of use.
      sentence: float32 `[n, size]`, of each sentence as a whole.
    """

    words: tf.Tensor
    sentence: tf.Tensor


class GruReader(keras.layers.Layer):
    """Reads forwards and backwards, and takes what each saw last.

    Args:
      size: int, units each way.
    """

    def __init__(self, size: int):
        super().__init__()
        # cuDNN's kernels in an export would run on no CPU server.
        self._gru = keras.layers.Bidirectional(
            keras.layers.GRU(size, return_sequences=True, use_cudnn=False)
        )

    def call(self, embedded: tf.Tensor, tokens: tf.Tensor) -> Read:
        """Reads sentences.

        Args:
          embedded: float `[n, length, embedding_size]`.
          tokens: int32 `[n, length]`.

        Returns:
          Read, both of `2 * size` features.
        """
        states = self._gru(embedded, mask=tokens != vocabulary.PAD)
        forwards, backwards = tf.split(states, 2, axis=-1)
        # Where each reading has seen the whole sentence.
        ends = [
            masked_mean(forwards, tokens == vocabulary.END),
            masked_mean(backwards, tokens == vocabulary.START),
        ]
        return Read(states, tf.concat(ends, axis=-1))


class ConvolutionReader(keras.layers.Layer):
    """Phrases, and for each feature the phrase that has most of it.

    Residual convolutions over the words, each seeing two words to each side,
    then the greatest and the mean value over the sentence. Where the GRU
    walks word by word, this reads a list of eight things as fast as one.

    Args:
      size: int, channels.
    """

    def __init__(self, size: int):
        super().__init__()
        self._first = keras.layers.Dense(size)
        self._convolutions = [
            convolutions.Conv1D(size, _WIDTH, padding="same")
            for _ in range(_LAYERS)
        ]

    def call(self, embedded: tf.Tensor, tokens: tf.Tensor) -> Read:
        """Reads sentences; see `GruReader.call`."""
        words = tokens != vocabulary.PAD
        # Padding is all zeros to each convolution, however much there is.
        present = tf.cast(words, self.compute_dtype)[..., tf.newaxis]
        x = self._first(embedded) * present
        for convolution in self._convolutions:
            x += tf.nn.relu(convolution(x)) * present
        greatest = tf.reduce_max(
            tf.where(words[..., tf.newaxis], x, x.dtype.min), axis=1
        )
        sentence = [tf.cast(greatest, tf.float32), masked_mean(x, words)]
        return Read(x, tf.concat(sentence, axis=-1))


class BagReader(keras.layers.Layer):
    """The mean of the words, whatever their order."""

    def call(self, embedded: tf.Tensor, tokens: tf.Tensor) -> Read:
        """Reads sentences; see `GruReader.call`."""
        return Read(embedded, masked_mean(embedded, tokens != vocabulary.PAD))


def reader(kind: str, size: int) -> keras.layers.Layer:
    """Returns a reader.

    Args:
      kind: "gru", "convolution" or "bag".
      size: int, of the first two.

    Raises:
      ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"a reader must be one of {KINDS}, not {kind!r}")
    if kind == BAG:
        return BagReader()
    return {GRU: GruReader, CONVOLUTION: ConvolutionReader}[kind](size)
