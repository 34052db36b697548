"""Noise of a step and of stories' own seeds."""

import numpy as np
import tensorflow as tf

from tfstory.systems.story_gan import noise


def _of(seeds, frames=3):
    return noise.of_seeds(tf.constant(seeds, tf.int64), frames, 4, 2)


def test_a_storys_noise_depends_on_its_seed_alone():
    both, one = _of([5, -3]), _of([-3])
    assert both.context.shape == [2, 4]
    assert both.frames.shape == [2, 3, 2]
    for ours, alone in zip(both, one, strict=True):
        np.testing.assert_array_equal(ours[1:], alone)
        assert not np.array_equal(ours[0], ours[1])


def test_a_longer_story_begins_with_the_same_noise():
    short, long = _of([5], 2), _of([5], 6)
    np.testing.assert_array_equal(short.context, long.context)
    np.testing.assert_array_equal(short.frames, long.frames[:, :2])
    frames = long.frames[0].numpy()
    assert len({tuple(frame) for frame in frames}) == 6


def test_noise_is_standard_normal():
    of_seeds = tf.function(noise.of_seeds)
    for drawn in (
        of_seeds(tf.range(500, dtype=tf.int64), 5, 4, 2),
        noise.of_step(tf.constant([1, 2]), 500, 5, 4, 2),
    ):
        for values in drawn:
            assert abs(float(tf.reduce_mean(values))) < 0.1
            assert abs(float(tf.math.reduce_std(values)) - 1) < 0.1
