"""Texts of training stories, that the right ones must be told from."""

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf

from tfstory.metrics.retrieval import DISTRACTORS
from tfstory.sampling.reservoir import Reservoir
from tfstory.text import vocabulary


class Statistics(keras.layers.Layer):
    """Some training stories' tokens, kept as weights.

    Args:
      frames: int, frames a story.
      length: int, tokens a sentence.
      seed: int, decides which stories are kept.
    """

    def __init__(self, frames: int, length: int, seed: int):
        super().__init__(name="statistics", trainable=False)
        self._seed = seed
        self._tokens = self.add_weight(
            name="tokens",
            shape=(DISTRACTORS, frames, length),
            initializer="zeros",
            dtype="int64",
        )
        self.built = True

    def adapt(self, batches: Iterable[np.ndarray]) -> None:
        """Keeps some of the stories.

        Args:
          batches: of int `[batch, frames, length]`.
        """
        reservoir = Reservoir(DISTRACTORS, self._seed)
        for tokens in batches:
            reservoir.add(tokens)
        kept = np.full(self._tokens.shape, vocabulary.PAD, np.int64)
        kept[: len(reservoir.kept)] = reservoir.kept or kept[:0]
        self._tokens.assign(kept)

    @property
    def tokens(self) -> tf.Tensor:
        """The stories, int32 `[99, frames, length]`; padding where none is."""
        return tf.cast(tf.convert_to_tensor(self._tokens), tf.int32)

    @property
    def known(self) -> tf.Tensor:
        """Where there is a story, bool `[99]`: each has a start."""
        return self.tokens[:, 0, 0] != vocabulary.PAD
