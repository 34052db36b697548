"""The likelihood of where each block of a frame comes from."""

import numpy as np
import tensorflow as tf

from tfstory.systems.story_reasoning import choosing

_SCALE = 0.1


def _pictures(*grey_levels):
    """Returns a picture of 4x4 pixels for each level, `[1, n, 4, 4, 3]`."""
    levels = np.array(grey_levels, np.float32)[None, :, None, None, None]
    return np.broadcast_to(levels, [1, len(grey_levels), 4, 4, 3])


def _loss(logits, frames, painted, target):
    return choosing.negative_log_likelihood(
        tf.constant(logits, tf.float32), frames, painted, target, _SCALE
    )


def test_it_is_the_mixtures():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=[2, 2, 2, 4]).astype(np.float32)
    frames = rng.uniform(size=[2, 3, 4, 4, 3]).astype(np.float32)
    painted, target = rng.uniform(size=[2, 2, 4, 4, 3]).astype(np.float32)
    loss = _loss(logits, frames, painted, target)
    odds = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    for story, row, column in np.ndindex(2, 2, 2):
        block = np.s_[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        sources = [*frames[story], painted[story]]
        likelihoods = [
            np.exp(-np.abs(s[block] - target[story][block]).mean() / _SCALE)
            for s in sources
        ]
        np.testing.assert_allclose(
            loss[story, row, column],
            -np.log(np.dot(odds[story, row, column], likelihoods)),
            rtol=1e-4,
        )


def test_the_right_source_costs_nothing():
    frames = _pictures(0.2, 0.8)
    logits = np.broadcast_to(np.float32([-30, 30, -30]), [1, 2, 2, 3])
    loss = _loss(logits, frames, frames[:, 0], frames[:, 1])
    np.testing.assert_allclose(loss, np.zeros([1, 2, 2]), atol=1e-6)


def _gradient(loss, gap):
    """Returns the gradient by logits that favour black by `gap`."""
    logits = tf.constant(np.full([1, 2, 2, 3], [gap, 0.0, 0.0]), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(logits)
    return tape.gradient(value, logits).numpy()


def test_a_settled_choice_is_moved_where_a_blend_leaves_it():
    black_white = _pictures(0.0, 1.0)
    black, white = black_white[:, 0], black_white[:, 1]

    def blend_error(logits):
        part_white = tf.nn.softmax(logits)[..., 1]
        return tf.reduce_sum(tf.abs(1.0 - part_white))

    def unlikeliness(logits):
        return _loss(logits, black_white, black, white)

    assert np.abs(_gradient(blend_error, 9.0)).max() < 2e-4
    # Right behind by 9, and likelier by 1 / scale = 10 in the exponent.
    np.testing.assert_allclose(
        _gradient(unlikeliness, 9.0),
        np.full([1, 2, 2, 3], [0.73, -0.73, 0.0]),
        atol=0.01,
    )
    # Further behind than that, it too is left.
    assert np.abs(_gradient(unlikeliness, 20.0)).max() < 2e-4


def test_what_is_painted_is_not_moved():
    painted = tf.constant(_pictures(0.4)[:, 0])
    frames = _pictures(0.2, 0.8)
    with tf.GradientTape() as tape:
        tape.watch(painted)
        loss = _loss(np.zeros([1, 2, 2, 3]), frames, painted, frames[:, 1])
    assert tape.gradient(loss, painted) is None
