"""The story's state and what it may look at."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.story_reasoning.context import StoryContext
from tfstory.systems.story_reasoning.memory import Memory

_UNITS = 8
_FRAMES = 2
_LENGTH = 3
# The last word of the first caption is padding.
_TOKENS = tf.constant([[[1, 5, 0], [1, 6, 2]]])


def _inputs():
    noise = tf.random.Generator.from_seed(0)
    return {
        "latents": noise.normal([1, _FRAMES, 4]),
        "captions": noise.normal([1, _FRAMES, _UNITS]),
        "words": noise.normal([1, _FRAMES, _LENGTH, _UNITS]),
        "word_mask": _TOKENS != 0,
    }


def _memory(slots):
    return Memory(
        tf.constant(slots),
        tf.reshape(_TOKENS, [1, -1]),
        tf.repeat(tf.range(_FRAMES), _LENGTH),
    )


@pytest.mark.parametrize(
    "slot, seen", [(0, True), (1, True), (2, False), (5, True)]
)
def test_the_next_picture_is_told_by_all_words_but_padding(slot, seen):
    context = StoryContext(_UNITS, 4, True, hops=1)
    slots = np.random.default_rng(0).normal(size=[1, 6, _UNITS])
    slots = slots.astype(np.float32)
    states, ahead, latent = context(**_inputs(), memory=_memory(slots))
    slots[:, slot] += 1.0
    same, other, moved = context(**_inputs(), memory=_memory(slots))
    np.testing.assert_array_equal(states, same)
    assert np.array_equal(ahead, other) is not seen
    assert np.array_equal(latent, moved) is not seen


def test_without_hops_the_last_state_tells_the_next_picture():
    context = StoryContext(_UNITS, 4, True, hops=0)
    states, ahead, latent = context(**_inputs(), memory=None)
    np.testing.assert_array_equal(ahead, states[:, -1])
    change = context._latent(states[:, -1])
    np.testing.assert_allclose(
        latent, change + _inputs()["latents"][:, -1], rtol=1e-6
    )
