"""Adversarial losses against their definitions, and their gradients."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.losses import adversarial

_REAL = np.array([-2.0, 0.0, 3.0], np.float32)
_FAKE = np.array([[1.5, -0.5], [0.0, -4.0]], np.float32)


def _sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


@pytest.mark.parametrize("form", ["minimax", "non_saturating"])
def test_the_discriminator_minimises_the_game_s_value_negated(form):
    real, fake = adversarial.discriminator_losses(_REAL, _FAKE, form)
    np.testing.assert_allclose(real, -np.log(_sigmoid(_REAL)), rtol=1e-5)
    np.testing.assert_allclose(fake, -np.log(1 - _sigmoid(_FAKE)), rtol=1e-5)


def test_what_the_generator_minimises_with_probabilities():
    probabilities = _sigmoid(_FAKE)
    np.testing.assert_allclose(
        adversarial.generator_losses(_FAKE, "minimax"),
        np.log(1 - probabilities),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        adversarial.generator_losses(_FAKE, "non_saturating"),
        -np.log(probabilities),
        rtol=1e-5,
    )


def test_at_the_optimum_of_the_seed_both_probabilities_are_a_half():
    # Seed document 002, section 2.2: log(.5) and 2 log(.5).
    real, fake = adversarial.discriminator_losses(
        tf.zeros([1]), tf.zeros([1]), "minimax"
    )
    np.testing.assert_allclose(real + fake, [-2 * np.log(0.5)], rtol=1e-6)
    np.testing.assert_allclose(
        adversarial.generator_losses(tf.zeros([1]), "minimax"), [np.log(0.5)]
    )


def test_hinge_and_wasserstein():
    real, fake = adversarial.discriminator_losses(_REAL, _FAKE, "hinge")
    np.testing.assert_allclose(real, [3.0, 1.0, 0.0])
    np.testing.assert_allclose(fake, [[2.5, 0.5], [1.0, 0.0]])
    real, fake = adversarial.discriminator_losses(_REAL, _FAKE, "wasserstein")
    np.testing.assert_allclose(real, -_REAL)
    np.testing.assert_allclose(fake, _FAKE)
    for form in ("hinge", "wasserstein"):
        np.testing.assert_allclose(
            adversarial.generator_losses(_FAKE, form), -_FAKE
        )


@pytest.mark.parametrize("form", adversarial.FORMS)
def test_large_logits_stay_finite_with_their_gradients(form):
    logits = tf.constant([-1e4, 1e4])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        losses = tf.add_n(
            [
                *adversarial.discriminator_losses(logits, logits, form),
                adversarial.generator_losses(logits, form),
            ]
        )
    assert np.all(np.isfinite(losses))
    assert np.all(np.isfinite(tape.gradient(losses, logits)))


def test_minimax_saturates_where_the_other_form_does_not():
    logits = tf.constant([-10.0])
    slopes = {}
    for form in ("minimax", "non_saturating"):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            losses = adversarial.generator_losses(logits, form)
        slopes[form] = float(tape.gradient(losses, logits)[0])
    assert slopes["minimax"] == pytest.approx(-_sigmoid(-10.0), rel=1e-4)
    assert slopes["non_saturating"] == pytest.approx(-_sigmoid(10.0))


def test_a_form_that_is_none_is_refused_by_name():
    with pytest.raises(ValueError, match="'gan'; choose one of minimax"):
        adversarial.generator_losses(_FAKE, "gan")
    with pytest.raises(ValueError, match="'gan'; choose one of minimax"):
        adversarial.discriminator_losses(_REAL, _FAKE, "gan")


def test_gradient_penalty_of_a_known_function_and_its_gradient():
    examples = tf.constant([[1.0, 2.0], [0.0, -1.0]])
    weight = tf.Variable(3.0)

    def discriminate(x):
        return weight * tf.reduce_sum(tf.square(x), axis=-1, keepdims=True)

    with tf.GradientTape() as tape:
        penalties = adversarial.gradient_penalties(discriminate, examples)
    # The gradient is 2 w x.
    np.testing.assert_allclose(penalties, [2 * 9 * 5.0, 2 * 9 * 1.0])
    slope = tape.gradient(penalties, weight)
    np.testing.assert_allclose(slope, 4 * 3 * 5.0 + 4 * 3 * 1.0)
