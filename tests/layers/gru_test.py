"""The GRU with its own gradient against Keras's layer."""

import keras
import numpy as np
import tensorflow as tf

from tfstory.layers import gru

BATCH, LENGTH, INPUTS, UNITS = 3, 5, 4, 6


def _values(*shape, seed):
    generator = np.random.default_rng(seed)
    return tf.constant(generator.normal(size=shape), tf.float32)


def test_states_and_gradients_are_those_of_keras():
    layer = keras.layers.GRU(
        UNITS,
        return_sequences=True,
        reset_after=False,
        bias_initializer="normal",
    )
    layer.build([None, None, INPUTS])
    kernel, recurrent_kernel, bias = layer.trainable_variables
    inputs, state = (
        _values(BATCH, LENGTH, INPUTS, seed=0),
        _values(BATCH, UNITS, seed=1),
    )
    upstream = _values(BATCH, LENGTH, UNITS, seed=2)

    def own():
        projected = tf.tensordot(inputs, kernel, 1) + bias
        return gru.gru(projected, recurrent_kernel, state)

    found = []
    for run in (own, lambda: layer(inputs, initial_state=[state])):
        with tf.GradientTape() as tape:
            tape.watch([inputs, state])
            states = run()
            total = tf.reduce_sum(states * upstream)
        found.append(
            [
                states,
                *tape.gradient(
                    total, [inputs, state, kernel, recurrent_kernel, bias]
                ),
            ]
        )
    for mine, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)


def test_lengths_and_batches_may_be_unknown():
    kernel = _values(UNITS, 3 * UNITS, seed=0)

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, 3 * UNITS]),
            tf.TensorSpec([None, UNITS]),
        ]
    )
    def slope(projected, state):
        with tf.GradientTape() as tape:
            tape.watch(projected)
            states = gru.gru(projected, kernel, state)
        return tape.gradient(states, projected)

    for batch, length in ((2, 3), (1, 1), (0, 2)):
        found = slope(
            tf.ones([batch, length, 3 * UNITS]), tf.zeros([batch, UNITS])
        )
        assert found.shape == [batch, length, 3 * UNITS]
        assert np.isfinite(found).all()
