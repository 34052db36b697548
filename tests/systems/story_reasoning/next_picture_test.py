"""What the next picture is told by."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.story_reasoning.memory import Memory
from tfstory.systems.story_reasoning.next_picture import NextPicture

_UNITS = 8
_NOISE = np.random.default_rng(0)
_STATE = _NOISE.normal(size=[1, _UNITS]).astype(np.float32)
_LATENT = _NOISE.normal(size=[1, 4]).astype(np.float32)
_SLOTS = _NOISE.normal(size=[1, 6, _UNITS]).astype(np.float32)


def _memory(slots):
    # The third word is padding.
    return Memory(
        tf.constant(slots),
        tf.constant([[1, 5, 0, 1, 6, 2]]),
        tf.constant([0, 0, 0, 1, 1, 1]),
    )


@pytest.mark.parametrize(
    "slot, seen", [(0, True), (1, True), (2, False), (5, True)]
)
def test_it_is_told_by_all_words_but_padding(slot, seen):
    network = NextPicture(_UNITS, 4, residual=True, hops=1)
    ahead, latent = network(_STATE, _LATENT, _memory(_SLOTS))
    changed = _SLOTS.copy()
    changed[:, slot] += 1.0
    other, moved = network(_STATE, _LATENT, _memory(changed))
    assert np.array_equal(ahead, other) is not seen
    assert np.array_equal(latent, moved) is not seen


@pytest.mark.parametrize("residual", [True, False])
def test_without_hops_the_state_alone_tells_it(residual):
    tf.keras.utils.set_random_seed(0)
    network = NextPicture(_UNITS, 4, residual=residual, hops=0)
    ahead, latent = network(_STATE, _LATENT, None)
    np.testing.assert_array_equal(ahead, _STATE)
    kernel, bias = network.weights
    expected = _STATE @ kernel + bias + residual * _LATENT
    np.testing.assert_allclose(latent, expected, atol=1e-5)
