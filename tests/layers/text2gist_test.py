"""Text2Gist against NumPy's convolution and the equations."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers import text2gist
from tfstory.layers.text2gist import Text2Gist


@pytest.mark.parametrize("filter_size", [1, 3, 7])
def test_convolve_equals_numpy(filter_size):
    generator = np.random.default_rng(0)
    signals = generator.normal(size=[3, 7]).astype(np.float32)
    filters = generator.normal(size=[3, filter_size, 2]).astype(np.float32)
    result = text2gist.convolve(signals, filters)
    for row in range(3):
        for channel in range(2):
            np.testing.assert_allclose(
                result[row, :, channel],
                np.convolve(signals[row], filters[row, :, channel], "same"),
                rtol=1e-4,
                atol=1e-5,
            )


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("current", [False, True])
def test_gist_and_context_follow_the_equations(current):
    tf.keras.utils.set_random_seed(1)
    layer = Text2Gist(5, 3, 2, current)
    generator = np.random.default_rng(1)
    sentence = generator.normal(size=[2, 4]).astype(np.float32)
    context = generator.normal(size=[2, 5]).astype(np.float32)
    gist, carried = layer(tf.constant(sentence), tf.constant(context))
    to_filter, bias = (w.numpy() for w in layer._filter.weights)
    kernel, recurrent, gate_bias = (w.numpy() for w in layer._carry.weights)
    filters = np.tanh(sentence @ to_filter + bias).reshape([2, 3, 2])
    told = carried.numpy() if current else context
    for row in range(2):
        expected = [
            np.convolve(told[row], filters[row, :, channel], "same")
            for channel in range(2)
        ]
        np.testing.assert_allclose(
            gist[row], np.stack(expected, axis=1).reshape(-1), atol=1e-5
        )
    inputs = np.split(sentence @ kernel + gate_bias, 3, axis=1)
    u_z, u_r, u_h = np.split(recurrent, 3, axis=1)
    keep = _sigmoid(inputs[0] + context @ u_z)
    reset = _sigmoid(inputs[1] + context @ u_r)
    new = np.tanh(inputs[2] + (reset * context) @ u_h)
    np.testing.assert_allclose(
        carried, keep * context + (1 - keep) * new, atol=1e-5
    )


def test_a_row_depends_on_no_other():
    layer = Text2Gist(5, 3, 2)
    sentence = tf.random.stateless_normal([2, 4], [0, 1])
    context = tf.random.stateless_normal([2, 5], [0, 2])
    both, _ = layer(sentence, context)
    one, _ = layer(sentence[1:], context[1:])
    np.testing.assert_allclose(both[1:], one, atol=1e-6)


@pytest.mark.parametrize("filter_size", [2, 7])
def test_filters_that_do_not_fit(filter_size):
    with pytest.raises(ValueError, match="needs an odd size of at most 5"):
        Text2Gist(5, filter_size, 1)
