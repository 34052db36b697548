"""What tokens earn: against NumPy, and roll-outs against a plain loop."""

import sys

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.errors import UserError
from tfstory.objectives import registry
from tfstory.sampling import categorical
from tfstory.systems import replicas
from tfstory.systems.policy import judging, rewards
from tfstory.systems.policy import model as model_lib

STEP = tf.constant(0)
SEED = tf.constant([3, 4])


@pytest.fixture(autouse=True)
def objectives(monkeypatch):
    """Objectives "zeros" and "ends", of these tests alone."""
    registry.names()
    monkeypatch.setattr(registry, "_objectives", registry._objectives.copy())

    @registry.objective("zeros")
    def zeros(tokens, mask):
        return tf.reduce_mean(tf.cast(tokens < 5, tf.float32) * mask, axis=-1)

    @registry.objective("ends", takes="text")
    def ends(text):
        return tf.cast(tf.strings.length(text) % 3 == 0, tf.float32)


def _rewards(system, **changes):
    system.config.reward.update(changes)
    return system._rewards()


def _written(system, count=12):
    """Sequences that the policy wrote, the noise before them, their mask."""
    here = replicas.shard(tf.constant(count))
    tokens, noise = system.model.write(here, tf.constant(count), SEED)
    return tokens, noise, system.codec.alphabet.mask(tokens), here


def _sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x)))


def _zeros(tokens, mask):
    return np.mean((np.asarray(tokens) < 5) * np.asarray(mask), axis=-1)


def _last(values, mask):
    found = np.zeros(mask.shape)
    found[np.arange(len(found)), np.sum(mask, axis=-1).astype(int) - 1] = values
    return found


def _held(values, mask):
    """Values that stay as they were at the end."""
    ends = np.sum(mask, axis=-1).astype(int) - 1
    places = np.minimum(np.arange(mask.shape[1]), ends[:, np.newaxis])
    return np.take_along_axis(np.asarray(values), places, axis=-1)


def _discounted(earned, discount):
    found, after = np.zeros(earned.shape), 0
    for place in reversed(range(earned.shape[1])):
        after = found[:, place] = earned[:, place] + discount * after
    return found


def test_returns_of_steps_add_the_discriminator_s_word_up(tmp_path):
    system = tiny.text_gan(tmp_path, {"model.noise": 1.0})
    tokens, noise, mask, here = _written(system)
    assert 0 < np.mean(mask) < 1
    found = _rewards(system, discount=0.7).returns(
        tokens, noise, here, SEED, STEP
    )
    truth = _sigmoid(system.model.discriminator(tokens, mask=mask > 0))
    expected = _discounted(_held(truth, mask), 0.7) * mask
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_discriminator_without_an_opinion_wishes_for_no_length(tmp_path):
    system = tiny.text_gan(tmp_path)
    tokens, noise, mask, here = _written(system)
    assert 0 < np.mean(mask) < 1
    for variable in system.model.discriminator.trainable_variables:
        variable.assign(tf.zeros(variable.shape))
    found = _rewards(system).returns(tokens, noise, here, SEED, STEP).numpy()
    for place in range(mask.shape[1]):
        of_place = found[mask[:, place] > 0, place]
        np.testing.assert_allclose(of_place, of_place[:1].repeat(len(of_place)))


def test_n_steps_ahead_wish_for_no_length_either(tmp_path):
    """With true values, what comes after n steps makes no difference."""
    system = tiny.text_gan(tmp_path)
    tokens, noise, mask, here = _written(system)
    assert 0 < np.mean(mask) < 1
    whole = _rewards(system).returns(tokens, noise, here, SEED, STEP)
    for steps in (1, 2, 9):
        found = _rewards(system, n_steps=steps).n_step_returns(
            tokens, mask, whole, STEP
        )
        np.testing.assert_allclose(found, whole, rtol=1e-5)


def test_a_discriminator_of_whole_sequences_pays_at_the_end(tmp_path):
    system = tiny.text_gan(tmp_path, {"model.discriminator": "convolution"})
    tokens, _, mask, _ = _written(system)
    found = _rewards(system).of_steps(tokens, mask, STEP)
    truth = _sigmoid(system.model.discriminator(tokens, mask=mask > 0))
    np.testing.assert_allclose(found, _last(truth, mask), atol=1e-5)


def test_lambda_mixes_in_what_an_objective_pays_at_the_end(tmp_path):
    system = tiny.text_gan(tmp_path)
    tokens, _, mask, _ = _written(system)
    found = _rewards(
        system, discriminator_share=0.3, objectives=("zeros",)
    ).of_steps(tokens, mask, STEP)
    truth = _sigmoid(system.model.discriminator(tokens, mask=mask > 0))
    expected = 0.3 * _held(truth, mask)
    expected += 0.7 * _last(_zeros(tokens, mask), mask)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_objectives_weigh_as_they_are_told_and_may_read_text(tmp_path):
    system = tiny.text_gan(tmp_path)
    tokens, _, mask, _ = _written(system)
    text = system.codec.text(tokens).numpy()
    ends = np.array([len(line) % 3 == 0 for line in text], float)
    assert 0 < ends.mean() < 1
    earned = _rewards(
        system, objectives=("zeros", "ends"), objective_weights=(1, 3)
    )
    found = earned.objective(tokens, mask)
    expected = _zeros(tokens, mask) / 4 + 3 * ends / 4
    np.testing.assert_allclose(found, expected, atol=1e-6)
    alike = _rewards(system, objective_weights=()).objective(tokens, mask)
    expected = (_zeros(tokens, mask) + ends) / 2
    np.testing.assert_allclose(alike, expected, atol=1e-6)


def test_what_an_objective_needs_is_needed_to_learn_by_it(
    tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "rdkit", None)
    changes = {
        "reward.objectives": ("qed",),
        "reward.discriminator_share": 0.5,
    }
    system = tiny.text_gan(tmp_path, changes)
    # What has learnt already writes and is measured without.
    assert set(system.signatures()) == {"generate", "score"}
    batch = system.prepare(tiny.raw_batch(system, 2))
    assert np.all(system.evaluate(batch)["tokens"] > 0)
    with pytest.raises(UserError, match="needs the package rdkit"):
        system.adapt([batch])


def test_objectives_take_turns():
    system = tiny.seq_gan()
    tokens, _, mask, _ = _written(system)
    earned = _rewards(
        system,
        form=rewards.STEPS,
        discriminator_share=0.0,
        objectives=("zeros", "constant"),
        steps_a_turn=3,
    )
    zeros, ones = _zeros(tokens, mask), np.ones(12)
    turns = {0: zeros, 2: zeros, 3: ones, 5: ones, 6: zeros}
    for step, expected in turns.items():
        found = earned.of_steps(tokens, mask, tf.constant(step))
        np.testing.assert_allclose(found, _last(expected, mask), atol=1e-6)


def test_repeats_share_what_one_would_earn(two_replicas):
    system = tiny.seq_gan()
    earned = _rewards(
        system,
        form=rewards.STEPS,
        discriminator_share=0.0,
        objectives=("constant",),
        punish_repeats=True,
    )
    tokens = tf.constant([[1] * 5, [2] * 5, [1] * 5])
    expected = [0.5, 1, 0.5]

    def run(tokens):
        return earned.of_steps(tokens, tf.ones(tf.shape(tokens)), STEP)[:, -1]

    np.testing.assert_allclose(run(tokens), expected)

    def run_part():
        # One row here, two there: the copies are on different replicas.
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        return run(tokens[replica : 1 + 2 * replica])

    found = tf.function(lambda: two_replicas.run(run_part))()
    both = two_replicas.experimental_local_results(found)
    np.testing.assert_allclose(tf.concat(both, axis=0), expected)


def test_n_steps_end_with_what_is_expected(tmp_path):
    system = tiny.text_gan(tmp_path)
    tokens, _, mask, _ = _written(system)
    values = np.float32(np.random.default_rng(0).random(mask.shape)) * mask
    earned = _rewards(system, n_steps=2, discount=0.6)
    assert earned.looks_ahead
    found = earned.n_step_returns(tokens, mask, tf.constant(values), STEP)
    at_once = np.pad(earned.of_steps(tokens, mask, STEP), [[0, 0], [0, 2]])
    # What is paid behind an end is known.
    known = np.zeros_like(at_once)
    for place in reversed(range(mask.shape[1])):
        known[:, place] = at_once[:, place] + 0.6 * known[:, place + 1]
    later = known[:, 2:]
    later[:, :-2] = np.where(mask[:, 2:] > 0, values[:, 2:], later[:, :-2])
    expected = at_once[:, :-2] + 0.6 * at_once[:, 1:-1] + 0.36 * later
    np.testing.assert_allclose(found, expected * mask, atol=1e-6)


def _uniforms(system, count):
    """The random numbers of the roll-outs, `[batch, place, count, place]`."""
    length = system.codec.length
    return model_lib.uniform(
        replicas.shard(tf.constant(count)),
        tf.constant(count),
        [length - 1, system.config.reward.roll_outs, length],
        tf.random.experimental.stateless_fold_in(SEED, 1),
    )


def _roll_out(system, tokens, noise, uniforms, known):
    """Goes on from the first `known` tokens of one sequence, from the start."""
    policy, alphabet = system.model.roll_out_policy, system.codec.alphabet
    state = policy.state_of(noise[tf.newaxis])
    written, last = [], alphabet.start
    for place in range(len(tokens)):
        logits, state = policy.step(tf.constant([last]), state)
        if place < known:
            last = int(tokens[place])
        elif written and alphabet.has_ended(tf.constant(last)):
            last = alphabet.pad
        else:
            uniform = uniforms[place][tf.newaxis]
            last = int(categorical.draw(logits, uniform)[0])
        written.append(last)
    return written


def _naive_returns(system, tokens, noise, mask):
    """Each prefix, count and sequence by itself, as the papers have it."""
    model, alphabet = system.model, system.codec.alphabet
    share = system.config.reward.discriminator_share
    uniforms = _uniforms(system, len(tokens))
    found = np.zeros(tokens.shape)
    for row, place in np.ndindex(*tokens.shape):
        if place + 1 < tokens.shape[1]:
            written = [
                _roll_out(
                    system, tokens[row], noise[row], numbers, known=place + 1
                )
                for numbers in uniforms[row, place]
            ]
        else:
            written = [tokens[row]]
        written = tf.stack(written)
        counted = alphabet.mask(written)
        logits = judging.whole_logits(model.discriminator, written, alphabet)
        earned = share * _sigmoid(logits)
        earned = earned + (1 - share) * _zeros(written, counted)
        found[row, place] = np.mean(earned)
    return found * mask


@pytest.mark.parametrize("kind", ["seq_gan", "text_gan"])
def test_returns_of_roll_outs_equal_the_plain_loop(kind, tmp_path):
    """From noise; by a policy that is not the writing one; with both pays."""
    changes = {
        "model.noise": 1.0,
        "reward.form": rewards.ROLL_OUTS,
        "reward.discriminator_share": 0.4,
        "reward.objectives": ("zeros",),
    }
    system = (
        tiny.seq_gan(changes)
        if kind == "seq_gan"
        else tiny.text_gan(tmp_path, changes)
    )
    generator = np.random.default_rng(9)
    for variable in system.model.roll_out_policy.weights:
        variable.assign_add(generator.normal(scale=0.3, size=variable.shape))
    tokens, noise, mask, here = _written(system, 3)
    found = system._rewards().returns(tokens, noise, here, SEED, STEP)
    expected = _naive_returns(system, tokens, noise, mask.numpy())
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert (np.mean(mask) < 1) == (kind == "text_gan")
    assert len(np.unique(np.round(expected, 4))) > 8


def test_repeated_roll_outs_are_those_of_one_place_and_count(monkeypatch):
    system = tiny.seq_gan()
    earned = _rewards(
        system,
        discriminator_share=0.0,
        objectives=("constant",),
        punish_repeats=True,
    )
    tokens = tf.constant([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [5, 4, 3, 2, 1]])
    monkeypatch.setattr(
        rewards,
        "roll_out",
        # Each way of going on is another; the first two sequences' are alike.
        lambda step, state, tokens, uniforms, alphabet: (
            tf.reshape(tf.range(4)[:, None, None, None], [4, 1, 1, 1])
            + tf.reshape(tokens[:, 0], [1, 3, 1, 1])
            + tf.zeros([4, 3, 2, 5], tf.int32)
        ),
    )
    here = replicas.shard(tf.constant(3))
    noise = tf.zeros([3, 6])
    found = earned.returns(tokens, noise, here, SEED, STEP)
    expected = np.repeat([[0.5], [0.5], [1.0]], 5, axis=1)
    np.testing.assert_allclose(found, expected)


def test_nothing_flows_back_through_returns():
    system = tiny.seq_gan()
    tokens, noise, _, here = _written(system, 2)
    with tf.GradientTape() as tape:
        found = system._rewards().returns(tokens, noise, here, SEED, STEP)
        loss = tf.reduce_sum(found)
    variables = [
        *system.model.discriminator.trainable_variables,
        *system.model.roll_out_policy.trainable_variables,
    ]
    assert all(
        gradient is None
        for gradient in tape.gradient(loss, [v.value for v in variables])
    )
