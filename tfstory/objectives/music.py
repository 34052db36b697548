"""Objectives of melodies: what intervals they are made of.

After the music experiments of ORGAN (Guimaraes et al. 2017, arXiv:1705.10843),
over the tokens of `tfstory.music.tokens`. An interval lies between a note and
the next one struck, whatever rests or is held in between. It counts whether
it rises or falls, as the paper defines it; the authors' code counts rising
fifths, fourths and sixths alone, which gives lower figures: about half where
as many intervals fall as rise.
"""

import tensorflow as tf

from tfstory.music.tokens import FIRST_PITCH
from tfstory.objectives.registry import MELODIES, objective

# In semitones.
_STEPS = (1, 2)
_FOURTH = 5
_FIFTH = 7
_MAJOR_SIXTH = 9


@objective("tonality", takes=MELODIES)
def tonality(tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Returns the share of intervals that are a perfect fifth.

    Args:
      tokens: int32 `[batch, length]`.
      mask: float32 `[batch, length]`, 1 where a token counts.

    Returns:
      float32 `[batch]`; 0 for a melody of fewer than two notes.
    """
    return _share(tokens, mask, (_FIFTH,))


@objective("melodicity", takes=MELODIES)
def melodicity(tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Returns the share of intervals that sound well.

    These are the three that the order of dissonance begins with: perfect
    fifth, perfect fourth and major sixth.

    Args:
      tokens: int32 `[batch, length]`.
      mask: float32 `[batch, length]`, 1 where a token counts.

    Returns:
      float32 `[batch]`; 0 for a melody of fewer than two notes.
    """
    return _share(tokens, mask, (_FIFTH, _FOURTH, _MAJOR_SIXTH))


@objective("ratio_of_steps", takes=MELODIES)
def ratio_of_steps(tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Returns the share of intervals that are a step, of one or two semitones.

    A note that is repeated is no step.

    Args:
      tokens: int32 `[batch, length]`.
      mask: float32 `[batch, length]`, 1 where a token counts.

    Returns:
      float32 `[batch]`; 0 for a melody of fewer than two notes.
    """
    return _share(tokens, mask, _STEPS)


def _share(tokens, mask, semitones):
    """Returns the share of intervals that have one of these sizes."""
    notes = _struck(tokens, mask)
    before, after = notes[:, :-1], notes[:, 1:]
    size = tf.abs(after - before)
    is_wanted = tf.reduce_any([size == wanted for wanted in semitones], axis=0)
    # Behind the last note stand zeros.
    is_interval = after > 0
    return tf.math.divide_no_nan(
        _count(is_wanted & is_interval), _count(is_interval)
    )


def _struck(tokens, mask):
    """Returns the tokens that strike a note, `[batch, length]`.

    They are moved up to the front; zeros follow them.
    """
    shape = tf.shape(tokens)
    is_struck = (tokens >= FIRST_PITCH) & (mask > 0)
    place = tf.cumsum(tf.cast(is_struck, tf.int32), axis=-1, exclusive=True)
    first = tf.range(shape[0])[:, tf.newaxis] * shape[1]
    # What has a negative place is dropped.
    place = tf.where(is_struck, first + place, -1)
    notes = tf.math.unsorted_segment_sum(tokens, place, shape[0] * shape[1])
    return tf.reshape(notes, shape)


def _count(flags):
    return tf.reduce_sum(tf.cast(flags, tf.float32), axis=-1)
