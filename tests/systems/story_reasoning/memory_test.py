"""The caption decoder's memory of the story's words."""

import numpy as np
import tensorflow as tf

from tfstory.systems.story_reasoning import memory


def test_recurrence_says_how_many_frames_ago_a_word_was_said():
    tokens = tf.constant([[[5, 6, 0], [7, 5, 0], [5, 8, 6]]])
    expected = [
        [[0, 0], [0, 0], [0, 0]],  # nothing is before the first frame
        [[0, 0], [1, 0], [1, 0]],  # 5 one frame ago; padding too
        [[1, 1], [0, 0], [0, 1]],  # 5 one and two frames ago, 6 two
    ]
    np.testing.assert_array_equal(memory.recurrence(tokens, 2)[0], expected)
    # Further back there is nothing.
    np.testing.assert_array_equal(
        memory.recurrence(tokens, 3)[0, ..., :2], expected
    )
    assert not np.any(memory.recurrence(tokens, 3)[..., 2])


def test_another_caption_leaves_the_slots_of_earlier_ones_as_they_are():
    network = memory.StoryMemory(units=2, frames=3)
    words = tf.random.stateless_uniform([2, 3, 4, 2], [1, 2])
    tokens = tf.random.stateless_uniform([2, 3, 4], [1, 2], 0, 6, tf.int32)
    whole = network(words, tokens)
    fewer = network(words[:, :2], tokens[:, :2])
    np.testing.assert_allclose(whole.slots[:, :8], fewer.slots, atol=1e-6)


def test_a_caption_sees_the_words_of_earlier_frames_only():
    words = memory.Memory(
        slots=tf.zeros([1, 4, 2]),
        tokens=tf.constant([[5, 0, 6, 7]]),
        frames=tf.constant([0, 0, 1, 1]),
    )
    np.testing.assert_array_equal(
        words.before(tf.constant([0, 1, 2]))[0],
        [
            [False, False, False, False],
            [True, False, False, False],
            [True, False, True, True],
        ],
    )


def test_slots_are_the_words_frame_by_frame():
    tf.keras.utils.set_random_seed(0)
    network = memory.StoryMemory(units=2, frames=2)
    words = tf.random.stateless_uniform([3, 2, 4, 2], [1, 2])
    tokens = tf.reshape(tf.range(1, 25), [3, 2, 4])
    result = network(words, tokens)
    np.testing.assert_array_equal(result.tokens, tf.reshape(tokens, [3, 8]))
    np.testing.assert_array_equal(result.frames, [0, 0, 0, 0, 1, 1, 1, 1])
    # No word comes back, so a slot is its word and its frame.
    frames = network.weights[0].numpy()
    np.testing.assert_allclose(
        result.slots[:, 5], words[:, 1, 1] + frames[1], rtol=1e-6
    )
