"""Which pairs of a batch are no negatives of each other."""

import numpy as np
import tensorflow as tf

from tfstory.systems.story_matcher import alike

# Three stories of two frames: the first two begin alike.
TOKENS = tf.constant([[[1, 4], [1, 5]], [[1, 4], [1, 6]], [[1, 7], [1, 5]]])


def _pictures(*shades):
    shades = tf.constant(shades, tf.uint8)[..., None, None, None]
    return tf.tile(shades, [1, 1, 4, 4, 3])


def test_told_alike_means_all_so_far():
    told = alike.told_alike(TOKENS, TOKENS).numpy().astype(int)
    assert told.shape == (3, 3, 2)
    assert told[0].tolist() == [[1, 1], [1, 0], [0, 0]]
    # The second sentence is the first story's, the text is not.
    assert told[2].tolist() == [[0, 0], [0, 0], [1, 1]]


def test_shown_alike_is_of_one_story():
    shown = alike.shown_alike(_pictures([1, 1], [1, 2])).numpy()
    assert shown.astype(int).tolist() == [[[1, 1], [1, 1]], [[1, 0], [0, 1]]]


def test_pairs_alike_over_all_frames():
    """Other stories' same pictures may go with other texts."""
    shown = alike.shown_alike(_pictures([1, 2], [1, 2], [3, 3]))
    pairs = alike.pairs_alike(TOKENS, shown)
    expected = np.eye(6, dtype=int)
    expected[0, 2] = expected[2, 0] = 1  # The first frames' text.
    expected[4, 5] = expected[5, 4] = 1  # The third story stands still.
    np.testing.assert_array_equal(pairs.numpy().astype(int), expected)
