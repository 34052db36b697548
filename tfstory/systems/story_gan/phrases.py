"""The phrases of a story so far, for each of its pictures."""

from typing import NamedTuple

import keras
import tensorflow as tf

from tfstory.text import vocabulary

# Words that make a phrase. A reader's word knows its neighbours, so nothing
# is torn apart at the borders.
_WORDS = 4
# Sentences that many frames back, or more, are all as old.
_AGES = 8


class Phrases(NamedTuple):
    """What the image generator may look at while it paints a frame.

    Attributes:
      values: float `[batch, frames, phrases, size]`.
      told: bool `[batch, frames, phrases]`, whether there is such a phrase
        and the story has come to it.
    """

    values: tf.Tensor
    told: tf.Tensor


class Memory(NamedTuple):
    """A story's phrases, before a frame has moved them.

    Attributes:
      phrases: float `[batch, sentences, phrases, 2 * size]`, W_p p of each
        sentence's.
      present: bool `[batch, sentences, phrases]`, whether there is such a
        phrase.
    """

    phrases: tf.Tensor
    present: tf.Tensor


class PhraseMemory(keras.Model):
    """All phrases of all sentences up to a frame's, each as the frame has it.

    A phrase is the greatest value of each feature over four words. What it
    means may change with the story: "a small red star far left" of the first
    sentence is elsewhere once the star has rolled on. So the gist of each
    frame may move every phrase:

      m_tp = W_o relu(W_p p + W_g o_t + a_(t - s))

    with phrase p of sentence s <= t, and an embedding a of its age.

    Args:
      size: int, of a phrase.
    """

    def __init__(self, size: int):
        super().__init__(name="phrase_memory")
        self._of_words = keras.layers.Dense(2 * size)
        self._of_gist = keras.layers.Dense(2 * size, use_bias=False)
        self._of_age = keras.layers.Embedding(_AGES, 2 * size)
        self._out = keras.layers.Dense(size)

    def call(
        self, words: tf.Tensor, tokens: tf.Tensor, gists: tf.Tensor
    ) -> Phrases:
        """Has the phrases for all frames at once; memory grows by T squared.

        Args:
          words: float `[batch, frames, length, units]`, of the sentences.
          tokens: int32 `[batch, frames, length]`.
          gists: float `[batch, frames, gist_size]`, o_t.
        """
        memory = self.remember(words, tokens)
        return self.recall(memory, gists, tf.range(tf.shape(gists)[1]))

    def remember(self, words: tf.Tensor, tokens: tf.Tensor) -> Memory:
        """Makes phrases of words, which are as in `call`."""
        phrases, present = _phrases(words, tokens)
        return Memory(self._of_words(phrases), present)

    def recall(
        self, memory: Memory, gists: tf.Tensor, frames: tf.Tensor
    ) -> Phrases:
        """Has the phrases as some frames have them.

        Args:
          memory: Memory.
          gists: float `[batch, n, gist_size]`, the frames' o_t.
          frames: int32 `[n]`, their places in the story.

        Returns:
          Phrases of `[batch, n, ...]`.
        """
        batch, sentences, count = (
            tf.shape(memory.present)[i] for i in range(3)
        )
        age = frames[:, tf.newaxis] - tf.range(sentences)
        known = self._of_age(tf.clip_by_value(age, 0, _AGES - 1))
        # [batch, n, sentences, phrases of a sentence, size]
        mixed = (
            memory.phrases[:, tf.newaxis]
            + self._of_gist(gists)[:, :, tf.newaxis, tf.newaxis]
            + known[tf.newaxis, :, :, tf.newaxis]
        )
        values = self._out(tf.nn.relu(mixed))
        told = (
            memory.present[:, tf.newaxis]
            & (age >= 0)[tf.newaxis, :, :, tf.newaxis]
        )
        row = [batch, tf.shape(frames)[0], sentences * count]
        return Phrases(
            tf.reshape(values, [*row, values.shape[-1]]), tf.reshape(told, row)
        )


def _phrases(words, tokens):
    """Returns `[batch, frames, phrases, units]`, and which ones there are."""
    shape, units = tf.shape(tokens), words.shape[-1]
    missing = -tokens.shape[-1] % _WORDS
    padding = [[0, 0], [0, 0], [0, missing]]
    present = tf.pad(tokens != vocabulary.PAD, padding)
    words = tf.where(
        present[..., tf.newaxis],
        tf.pad(words, [*padding, [0, 0]]),
        words.dtype.min,
    )
    groups = [shape[0], shape[1], (tokens.shape[-1] + missing) // _WORDS]
    present = tf.reduce_any(tf.reshape(present, [*groups, _WORDS]), axis=-1)
    greatest = tf.reduce_max(
        tf.reshape(words, [*groups, _WORDS, units]), axis=-2
    )
    # Zero where there is none: the least float would overflow further on.
    return tf.where(present[..., tf.newaxis], greatest, 0), present
