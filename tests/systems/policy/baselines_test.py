"""What returns are compared with, against NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.systems.policy.baselines import BATCH, LEARNED, NONE, Baseline

HIDDEN = np.float32(np.random.default_rng(0).normal(size=[3, 4, 5]))
RETURNS = np.float32(np.random.default_rng(1).random([3, 4]))
MASK = np.float32([[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 0]])


def _baseline(form):
    values = keras.layers.Dense(1, bias_initializer="ones")
    values.build([None, 5])
    return Baseline(form, values), values


def _expected(baseline, mask=MASK):
    return baseline.expected(
        tf.constant(HIDDEN), tf.constant(RETURNS * mask), tf.constant(mask)
    )


@pytest.mark.parametrize("form", [NONE, BATCH])
def test_what_is_not_learned_has_nothing_to_train(form):
    baseline, _ = _baseline(form)
    assert not baseline.is_learned and baseline.trainable_variables == []


def test_the_discriminator_alone_has_no_returns_to_expect():
    changes = {
        "reward.baseline": "learned",
        "stages.adversarial.epochs": 0,
    }
    system = tiny.seq_gan(changes)
    history = tiny.fit(
        tiny.stage(system, "discriminator"), tiny.batch(system), steps=1
    )
    assert np.isfinite(history["discriminator_loss"]).all()


def test_none_is_zero():
    np.testing.assert_array_equal(_expected(_baseline(NONE)[0]), 0 * MASK)


def test_the_batch_s_is_the_mean_of_the_others_at_a_place():
    found = _expected(_baseline(BATCH)[0])
    expected = np.zeros([3, 4])
    for row, place in np.argwhere(MASK):
        others = [
            RETURNS[other, place]
            for other in range(3)
            if other != row and MASK[other, place]
        ]
        expected[row, place] = np.mean(others)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_who_is_alone_expects_what_it_gets():
    alone = np.float32([[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    found = _expected(_baseline(BATCH)[0], alone)
    np.testing.assert_allclose(found[0, 1], RETURNS[0, 1])


def test_the_batch_is_that_of_all_replicas(two_replicas):
    baseline, _ = _baseline(BATCH)

    def run():
        # One row here, two there.
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        return baseline.expected(
            *(
                tf.constant(values)[replica : 1 + 2 * replica]
                for values in (HIDDEN, RETURNS * MASK, MASK)
            )
        )

    found = tf.function(lambda: two_replicas.run(run))()
    both = two_replicas.experimental_local_results(found)
    np.testing.assert_allclose(
        tf.concat(both, axis=0), _expected(baseline), rtol=1e-6
    )


def test_the_learned_one_learns_from_states_that_stay():
    baseline, values = _baseline(LEARNED)
    assert len(baseline.trainable_variables) == 2
    hidden = tf.constant(HIDDEN)
    with tf.GradientTape() as tape:
        tape.watch(hidden)
        found = baseline.expected(hidden, None, tf.constant(MASK))
        loss = tf.reduce_sum(found)
    expected = (HIDDEN @ values.kernel.numpy())[..., 0] + 1
    np.testing.assert_allclose(found, expected * MASK, rtol=1e-5)
    of_hidden, of_bias = tape.gradient(loss, [hidden, values.bias.value])
    assert of_hidden is None
    np.testing.assert_allclose(of_bias, [MASK.sum()])
