"""Intervals of melodies, worked by hand."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.music.tokens import HOLD, REST
from tfstory.objectives import music

# Melody, tonality, melodicity, ratio of steps.
MELODIES = {
    # +7, -7, +5, -9.
    "both_ways": ([20, 27, 20, 25, 16], 2 / 4, 4 / 4, 0),
    # +1, -2, 0, +3: a repeated note is no step, nor is a third.
    "steps": ([20, 21, 19, 19, 22], 0, 0, 2 / 4),
    # +7 over a rest and a hold, +2.
    "rests_and_holds": ([20, HOLD, REST, 27, HOLD, 29], 1 / 2, 1 / 2, 1 / 2),
    # A twelfth is no fifth, a tritone and an octave are neither.
    "others": ([10, 29, 23, 35], 0, 0, 0),
    "one_note": ([REST, HOLD, 20, HOLD], 0, 0, 0),
    "no_note": ([REST, REST, HOLD], 0, 0, 0),
    # The lowest note, token 2, is a note.
    "lowest": ([2, 9, 2], 1, 1, 0),
}


def _batch():
    """All melodies with notes behind their ends, and their mask."""
    rows = [melody for melody, *_ in MELODIES.values()]
    length = max(map(len, rows))
    tokens = [
        row + [27, 20, 27, 20, 27, 20][: length - len(row)] for row in rows
    ]
    mask = [[1.0] * len(row) + [0.0] * (length - len(row)) for row in rows]
    return tf.constant(tokens, tf.int32), tf.constant(mask)


@pytest.mark.parametrize(
    ("objective", "place"),
    [(music.tonality, 1), (music.melodicity, 2), (music.ratio_of_steps, 3)],
)
@pytest.mark.parametrize("jit_compile", [False, True])
def test_by_hand(objective, place, jit_compile):
    compiled = tf.function(objective, jit_compile=jit_compile)
    rewards = dict(zip(MELODIES, compiled(*_batch()).numpy(), strict=True))
    assert rewards == pytest.approx(
        {name: values[place] for name, values in MELODIES.items()}
    )


def test_a_batch_of_any_size():
    signature = [
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None, None], tf.float32),
    ]
    melodicity = tf.function(music.melodicity, input_signature=signature)
    assert melodicity(tf.zeros([0, 36], tf.int32), tf.zeros([0, 36])).shape == 0
    one = melodicity([[20]], [[1.0]])
    np.testing.assert_array_equal(one, [0.0])
