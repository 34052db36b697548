"""What the caption decoder can look up of the story so far."""

from typing import NamedTuple

import keras
import tensorflow as tf

from tfstory.text import vocabulary


class Memory(NamedTuple):
    """The words of a story's captions, a slot each.

    Attributes:
      slots: float `[batch, slots, units]`.
      tokens: int32 `[batch, slots]`, the words' ids.
      frames: int32 `[slots]`, the frame that each slot belongs to.
    """

    slots: tf.Tensor
    tokens: tf.Tensor
    frames: tf.Tensor

    def words(self) -> tf.Tensor:
        """Returns which slots are words, bool `[batch, slots]`."""
        return self.tokens != vocabulary.PAD

    def before(self, frames: tf.Tensor) -> tf.Tensor:
        """Returns which slots the captions of some frames may look at.

        Args:
          frames: int32 `[captions]`, the frame that each caption tells.

        Returns:
          bool `[batch, captions, slots]`, True for words of earlier frames,
          False for padding.
        """
        earlier = self.frames < frames[:, tf.newaxis]
        return self.words()[:, tf.newaxis, :] & earlier


class StoryMemory(keras.Model):
    """Lays the words of a story's captions into a memory.

    Beyond seed document 001, whose caption decoder knows the story's state
    alone. A slot tells the word in its sentence, its frame, and in which of
    the frames before the same word was said: what comes back after how long
    is what a story's rule is made of.

    Args:
      units: int, size of a slot.
      frames: int, most captions that it may be given.
    """

    def __init__(self, units: int, frames: int):
        super().__init__(name="story_memory")
        self._most = frames
        self._frames = keras.layers.Embedding(frames, units)
        self._recurrence = keras.layers.Dense(units, use_bias=False)

    def call(self, words: tf.Tensor, tokens: tf.Tensor) -> Memory:
        """Makes the memory.

        Args:
          words: float `[batch, frames, length, units]`, word states.
          tokens: int32 `[batch, frames, length]`.
        """
        count, length, units = words.shape[1:]
        of_frame = self._frames(tf.range(count))[:, tf.newaxis, :]
        said = recurrence(tokens, self._most - 1)
        said = tf.cast(said, self.compute_dtype)
        words += of_frame + self._recurrence(said)
        return Memory(
            tf.reshape(words, [-1, count * length, units]),
            tf.reshape(tokens, [-1, count * length]),
            tf.repeat(tf.range(count), length),
        )


def recurrence(tokens: tf.Tensor, most: int) -> tf.Tensor:
    """Returns how many frames ago each word was said before.

    Args:
      tokens: int32 `[batch, frames, length]`.
      most: int, frames to look back.

    Returns:
      bool `[batch, frames, length, most]`; entry `d` says whether the
      caption `d + 1` frames earlier has the same word.
    """
    frames = tokens.shape[1]
    same = []
    for distance in range(1, most + 1):
        # Before the first frame nothing was said.
        earlier = tf.pad(
            tokens, [[0, 0], [distance, 0], [0, 0]], constant_values=-1
        )[:, :frames]
        equal = tokens[..., :, tf.newaxis] == earlier[..., tf.newaxis, :]
        same.append(tf.reduce_any(equal, axis=-1))
    return tf.stack(same, axis=-1)
