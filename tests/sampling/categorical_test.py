"""Choosing tokens: distributions, seeds, and what can never be chosen."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.sampling import categorical

PROBABILITIES = np.array([0.1, 0.0, 0.5, 0.15, 0.25])
with np.errstate(divide="ignore"):
    LOGITS = np.log(PROBABILITIES).astype(np.float32)


def _choose(uniform, temperature=1.0, logits=LOGITS, **options):
    uniform = np.asarray(uniform, np.float32)
    return categorical.choose(
        tf.constant(np.tile(logits, [len(uniform), 1])),
        tf.fill([len(uniform)], float(temperature)),
        tf.constant(uniform),
        **options,
    ).numpy()


def _shares(tokens):
    return np.bincount(tokens, minlength=len(LOGITS)) / len(tokens)


def _even(count=10_000):
    """Numbers that fill [0, 1) evenly, so that shares are exact."""
    return (np.arange(count) + 0.5) / count


def test_tokens_come_in_proportion_to_their_probability():
    np.testing.assert_allclose(
        _shares(_choose(_even())), PROBABILITIES, atol=2e-4
    )


def test_temperature_divides_the_logits():
    squared = PROBABILITIES**2
    shares = _shares(_choose(_even(), temperature=0.5))
    np.testing.assert_allclose(shares, squared / squared.sum(), atol=2e-4)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), 1e-30])
def test_no_temperature_takes_the_likeliest(temperature):
    assert set(_choose(_even(100), temperature)) == {2}


def test_endless_temperature_is_uniform_over_the_possible():
    shares = _shares(_choose(_even(), temperature=float("inf")))
    np.testing.assert_allclose(shares, [0.25, 0, 0.25, 0.25, 0.25], atol=2e-4)


def test_temperature_is_each_examples_own():
    tokens = categorical.choose(
        tf.constant(np.stack([LOGITS, LOGITS])),
        tf.constant([0.0, 1.0]),
        tf.constant([0.99, 0.99]),
    )
    np.testing.assert_array_equal(tokens, [2, 4])


@pytest.mark.parametrize(
    ("top_p", "kept"),
    [
        (0.4, [0, 0, 1, 0, 0]),
        (0.7, [0, 0, 2 / 3, 0, 1 / 3]),
        (0.8, [0, 0, 5 / 9, 1.5 / 9, 2.5 / 9]),
        (1.0, PROBABILITIES),
    ],
)
def test_top_p_keeps_the_smallest_set_that_holds_it(top_p, kept):
    for given in (top_p, tf.constant(top_p)):
        shares = _shares(_choose(_even(), top_p=given))
        np.testing.assert_allclose(shares, kept, atol=3e-4)


@pytest.mark.parametrize("top_p", [0.9, 1.0])
def test_forbidden_and_impossible_tokens_are_never_chosen(top_p):
    edges = [0.0, np.nextafter(np.float32(1), np.float32(0)), 0.5]
    edges += list(_even(1000))
    tokens = _choose(edges, top_p=top_p, never=[2, 4])
    assert set(tokens) <= {0, 3}
    assert set(_choose(edges, 0.0, top_p=top_p, never=[2])) == {4}


@pytest.mark.parametrize("top_p", [0.0, -0.1, 1.5])
def test_a_top_p_that_holds_nothing_is_refused(top_p):
    with pytest.raises(ValueError, match="at most 1"):
        _choose([0.5], top_p=top_p)


def test_uniforms_depend_on_the_own_seed_alone():
    seeds = tf.constant([3, -7, 2**62, 3, 0], tf.int64)
    numbers = categorical.uniforms(seeds, 20).numpy()
    np.testing.assert_array_equal(numbers[0], numbers[3])
    assert len(np.unique(numbers[[0, 1, 2, 4]])) == 80
    alone = [categorical.uniforms(seeds[i : i + 1], 20)[0] for i in range(5)]
    np.testing.assert_array_equal(numbers, alone)


def test_uniforms_are_the_same_for_ever():
    # A server's answers to a seed must outlive an upgrade.
    numbers = categorical.uniforms(tf.constant([42], tf.int64), 3)
    np.testing.assert_allclose(
        numbers, [[0.28243315, 0.4984169, 0.7154585]], rtol=1e-6
    )


def test_uniforms_are_uniform_over_seeds_and_places():
    draw = tf.function(categorical.uniforms)
    numbers = draw(tf.range(500, dtype=tf.int64), 20).numpy()
    assert numbers.min() >= 0 and numbers.max() < 1
    for values in (numbers[:, 0], numbers[:, 19], numbers[0], numbers.ravel()):
        ranked = np.sort(values)
        expected = (np.arange(len(ranked)) + 0.5) / len(ranked)
        # Kolmogorov-Smirnov at a level of about 1 in 1,000.
        assert np.abs(ranked - expected).max() < 1.95 / np.sqrt(len(ranked))


def test_draws_from_many_tokens_are_in_proportion():
    # More than a block of neighbours, and no multiple of it.
    weights = np.random.default_rng(0).gamma(0.3, size=150)
    weights[40:70] = 0.0
    weights[140:] = 0.0
    probabilities = weights / weights.sum()
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities).astype(np.float32)
    uniform = np.concatenate([_even(20_000), [0.0, np.float32(1 - 2**-24)]])
    for tokens in (
        categorical.draw(
            tf.constant(np.tile(logits, [len(uniform), 1])),
            tf.constant(uniform, tf.float32),
        ).numpy(),
        _choose(uniform, logits=logits),
    ):
        assert (probabilities[tokens] > 0).all()
        shares = np.bincount(tokens, minlength=150) / len(tokens)
        np.testing.assert_allclose(shares, probabilities, atol=3e-4)
