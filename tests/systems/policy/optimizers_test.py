"""The policies' Adam, beside Keras's."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.policy.optimizers import Adam

_RATE = keras.optimizers.schedules.CosineDecay(0.1, 5)


def _stepped(make, strategy, compiled=False, scale=1.0):
    """Steps by gradients of words; returns the weights after each step."""
    with strategy.scope():
        words = keras.Variable([[1.0, -1.0], [2.0, 0.5], [0.0, 3.0]])
        bias = keras.Variable([0.3, -0.2])
        optimizer = make(_RATE)
        optimizer.build([words, bias])

    def step(values, ids, of_bias):
        gradient = tf.IndexedSlices(values, ids, tf.constant([3, 2]))
        if make is keras.optimizers.Adam:
            gradient = tf.convert_to_tensor(gradient)
        optimizer.apply([gradient, 2 * of_bias], [words, bias])

    @tf.function(jit_compile=compiled)
    def run(*gradients):
        strategy.run(step, gradients)

    found = []
    for number in range(4):
        # One row is read twice, another now and then, the last never.
        values = tf.constant([[0.5, -2.0], [1.0, 0.25]]) / (number + 1)
        values *= scale
        ids = tf.constant([0, 0 if number % 2 else 1])
        run(values, ids, scale * tf.constant([1e-4, -3.0]))
        found += [
            strategy.experimental_local_results(weight.value)[-1].numpy()
            for weight in (words, bias)
        ]
    assert optimizer.iterations.numpy() == 4
    return found


@pytest.mark.parametrize("compiled", [False, True])
def test_it_steps_as_keras_does(compiled):
    strategy = tf.distribute.get_strategy()
    expected = _stepped(keras.optimizers.Adam, strategy)
    found = _stepped(Adam, strategy, compiled)
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=5e-6)


def test_two_replicas_step_along_the_sum(two_replicas):
    expected = _stepped(keras.optimizers.Adam, two_replicas)
    found = _stepped(Adam, two_replicas)
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=5e-6)


def test_losses_may_be_scaled(two_replicas):
    """As under mixed_float16: 8 times the gradients make the same steps."""
    expected = _stepped(Adam, two_replicas)
    found = _stepped(
        lambda rate: keras.optimizers.LossScaleOptimizer(
            Adam(rate), initial_scale=8.0
        ),
        two_replicas,
        scale=8.0,
    )
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=5e-6)


def test_a_checkpoint_of_keras_s_adam_is_read(tmp_path):
    weight = keras.Variable([1.0])
    optimizer = keras.optimizers.Adam(0.1)
    optimizer.apply([tf.constant([2.0])], [weight])
    path = tf.train.Checkpoint(optimizer=optimizer).save(str(tmp_path / "a"))
    other = Adam(0.1)
    other.build([weight])
    tf.train.Checkpoint(optimizer=other).restore(path).assert_consumed()
    assert int(other.iterations) == 1
    for mine, theirs in zip(other.variables, optimizer.variables, strict=True):
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy())
