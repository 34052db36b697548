"""Teacher forcing and scheduled sampling."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.sampling import categorical
from tfstory.systems import replicas
from tfstory.systems.policy import likelihood
from tfstory.systems.policy import model as model_lib

_OWN = {"stages.likelihood.scheduled_sampling": 1.0}


def _nll(system, tokens):
    """Of each token that counts, by NumPy."""
    policy, alphabet = system.model.policy, system.codec.alphabet
    logits = policy.logits(policy.read(tokens, policy.first_state(len(tokens))))
    logs = tf.nn.log_softmax(logits).numpy()
    of_tokens = np.take_along_axis(logs, tokens.numpy()[..., None], -1)[..., 0]
    return -of_tokens[alphabet.mask(tokens).numpy() > 0]


def test_the_loss_is_the_mean_over_all_tokens(tmp_path):
    system = tiny.text_gan(tmp_path)
    stage, batch = tiny.stage(system, "likelihood"), tiny.batch(system)
    expected = np.mean(_nll(system, batch["tokens"]))
    logs = stage.test_step(batch)
    assert float(logs["loss"]) == pytest.approx(expected, rel=1e-5)
    assert float(logs["nll"]) == pytest.approx(expected, rel=1e-5)


def test_training_learns_the_data(tmp_path):
    system = tiny.text_gan(
        tmp_path,
        {"model.noise": 0.1, "model.dropout": 0.1,
         "stages.likelihood.learning_rate": 0.05},
    )  # fmt: skip
    stage, batch = tiny.stage(system, "likelihood"), tiny.batch(system)
    before = tiny.weights(system)
    losses = tiny.fit(stage, batch, steps=20, epochs=2)["loss"]
    assert tiny.changed(system, before) == {"policy"}
    assert losses[1] < losses[0] - 0.3
    # Once per token, and not once per place of the longest line.
    assert np.mean(_nll(system, batch["tokens"])) < losses[1]


def test_the_sequence_begins_with_noise():
    system = tiny.seq_gan()
    tokens = tiny.batch(system)["tokens"]
    one, other = (
        float(likelihood.nll(system.model, tokens, noise).share)
        for noise in (tf.zeros([7, 6]), tf.ones([7, 6]))
    )
    assert one == pytest.approx(np.mean(_nll(system, tokens)), rel=1e-5)
    assert abs(one - other) > 1e-3


def _mixed(system, tokens, done):
    """What is read at a share of the stage's steps."""
    stage = tiny.stage(system, "likelihood", steps=10)
    stage.optimizer.iterations.assign(int(10 * done))
    noise = tf.zeros([len(tokens), system.model.policy.units])
    here = replicas.shard(tf.constant(len(tokens)))
    mixed = tf.function(lambda: stage._mixed(tokens, noise, here))()
    length = system.codec.length
    draws = model_lib.uniform(
        here, len(tokens), [length], stage._step_seed(likelihood._DRAWS)
    )
    return mixed.numpy(), draws


def test_scheduled_sampling_begins_with_the_true_tokens(tmp_path):
    system = tiny.text_gan(tmp_path, _OWN)
    tokens = likelihood.shown(system.model, tiny.batch(system))
    mixed, _ = _mixed(system, tokens, 0.0)
    np.testing.assert_array_equal(mixed, tokens)


def test_scheduled_sampling_ends_with_the_policy_s_own(tmp_path):
    """Which is told its own tokens only: what it would write by itself.

    But for ends: those of its own end nothing, and the true ones may be
    replaced.
    """
    system = tiny.text_gan(tmp_path, _OWN)
    # No line is as long as lines may be.
    tokens = system.codec.encode(tf.constant(["a red ball", "rests", ""]))
    tokens = likelihood.shown(system.model, {"tokens": tokens})
    assert tokens.shape[1] < system.codec.length
    mixed, draws = _mixed(system, tokens, 1.0)
    policy = system.model.policy
    state, last = policy.first_state(3), tf.fill([3], 1)
    for place in range(tokens.shape[1]):
        logits, state = policy.step(last, state)
        last = categorical.draw(logits, draws[:, place])
        np.testing.assert_array_equal(mixed[:, place], last)
    ends = mixed[:, :-1] == system.codec.alphabet.end
    assert np.any(ends & (mixed[:, 1:] != system.codec.alphabet.pad))


def test_scheduled_sampling_grows_evenly():
    system = tiny.seq_gan({"stages.likelihood.scheduled_sampling": 0.6})
    tokens = tiny.batch(system, 400)["tokens"]
    mixed, _ = _mixed(system, tokens, 0.5)
    # Of the tokens that are its own, some are the true ones by chance.
    assert np.mean(mixed != tokens) == pytest.approx(0.3 * 11 / 12, abs=0.04)


def test_what_is_predicted_is_always_the_truth():
    system = tiny.seq_gan(_OWN)
    stage, batch = tiny.stage(system, "likelihood", 4), tiny.batch(system)
    stage.optimizer.iterations.assign(4)
    noise = tf.zeros([7, 6])
    here = replicas.shard(tf.constant(7))
    read = stage._mixed(batch["tokens"], noise, here)
    expected = likelihood.nll(
        system.model, batch["tokens"], noise, read=read
    ).share
    logs = stage.train_step(batch)
    assert float(logs["loss"]) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("name", ["likelihood", "adversarial"])
def test_xla_compiles_lines_of_any_length(tmp_path, name):
    """Its loss is the same over the columns of padding, too."""
    losses = []
    for jit_compile in (False, True):
        system = tiny.text_gan(tmp_path, tiny.NO_L2)
        lines = tf.constant(["a ball", "", "now"])
        batch = system.prepare({"text": lines})
        stage = tiny.stage(system, name)
        stage.jit_compile = jit_compile
        if name == "likelihood":
            losses += tiny.fit(stage, batch, steps=1)["loss"]
        else:
            # The supervision of a step of the policy.
            here = replicas.shard(tf.constant(3))
            function = tf.function(stage._likelihood, jit_compile=jit_compile)
            losses.append(float(function(batch, here).share))
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)
