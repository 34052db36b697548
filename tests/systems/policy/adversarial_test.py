"""Steps of both players: what they minimise, train and leave alone."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.systems import replicas
from tfstory.systems.policy import adversarial, baselines, rewards

# A round of two steps of the policy, and two passes over two batches.
ROUND = {
    "reward.form": rewards.STEPS,
    "stages.adversarial.policy_steps": 2,
    "stages.adversarial.discriminator_sets": 1,
}
# Without an adversary: the policy alone, for a constant reward.
ALONE = {
    "model.discriminator": "none",
    "reward.form": rewards.STEPS,
    "reward.discriminator_share": 0.0,
    "reward.objectives": ("constant",),
    "stages.discriminator.epochs": 0,
    "stages.adversarial.discriminator_sets": 0,
}


def _softplus(x):
    return np.log1p(np.exp(x))


def _fixed(system, count=3):
    """Sequences, the noise before them, and made-up returns."""
    here = replicas.shard(tf.constant(count))
    seed = tf.constant([1, 2])
    tokens, noise = system.model.write(here, tf.constant(count), seed)
    mask = system.codec.alphabet.mask(tokens)
    returns = np.random.default_rng(0).normal(size=mask.shape)
    return tokens, noise, tf.constant(returns, tf.float32) * mask


def _log_probabilities(system, tokens, noise):
    policy = system.model.policy
    logits = policy.logits(policy.read(tokens, policy.state_of(noise)))
    logs = tf.nn.log_softmax(logits).numpy()
    return np.take_along_axis(logs, tokens.numpy()[..., None], -1)[..., 0]


def test_the_policy_s_loss_and_its_gradient(tmp_path):
    """By the log-probabilities, and by finite differences."""
    system = tiny.text_gan(
        tmp_path, {"model.noise": 1.0, "reward.baseline": baselines.BATCH}
    )
    stage = tiny.stage(system)
    tokens, noise, returns = _fixed(system, 6)
    mask = system.codec.alphabet.mask(tokens).numpy()
    assert mask.mean() < 1
    # The mean of the others; who is alone at a place expects what it gets.
    others = mask.sum(axis=0) - 1
    expected = (np.sum(returns, axis=0) - returns) / np.maximum(others, 1)
    expected = np.where(others > 0, expected, returns)

    def loss():
        logs = _log_probabilities(system, tokens, noise)
        return -np.sum(logs * (returns - expected) * mask) / mask.sum()

    variables = [v.value for v in system.model.policy.trainable_variables]
    with tf.GradientTape() as tape:
        parts = stage._policy_parts(tokens, noise, returns)
        share = parts["policy_loss"].share
    assert float(share) == pytest.approx(loss(), rel=1e-5)
    mean = np.sum(returns * mask) / mask.sum()
    assert float(parts["return"].share) == pytest.approx(mean, rel=1e-5)
    for variable, gradient in zip(
        variables, tape.gradient(share, variables), strict=True
    ):
        gradient = tf.convert_to_tensor(gradient).numpy()
        place = np.unravel_index(np.argmax(np.abs(gradient)), gradient.shape)
        value, step = variable.numpy(), np.zeros(gradient.shape, np.float32)
        step[place] = 0.01
        variable.assign(value + step)
        above = loss()
        variable.assign(value - step)
        slope = (above - loss()) / 0.02
        variable.assign(value)
        assert slope == pytest.approx(gradient[place], rel=0.02)


def test_a_learned_baseline_learns_the_returns():
    system = tiny.seq_gan({**ROUND, "reward.baseline": baselines.LEARNED})
    stage = tiny.stage(system)
    tokens, noise, returns = _fixed(system)
    policy, values = system.model.policy, system.model.values
    hidden = policy.read(tokens, policy.state_of(noise))
    expected = values(hidden)[..., 0].numpy()
    with tf.GradientTape() as tape:
        parts = stage._policy_parts(tokens, noise, returns)
        loss = parts["policy_loss"].share
    assert float(parts["baseline_loss"].share) == pytest.approx(
        np.mean((expected - returns) ** 2), rel=1e-5
    )
    logs = _log_probabilities(system, tokens, noise)
    assert float(loss) == pytest.approx(
        -np.mean(logs * (returns - expected)), rel=1e-4
    )
    # The policy's loss changes nothing about what is expected.
    of_values = tape.gradient(loss, [v.value for v in values.weights])
    assert all(gradient is None for gradient in of_values)


def test_n_step_returns_are_those_of_the_state_s_values():
    changes = {"reward.baseline": baselines.LEARNED, "reward.n_steps": 2}
    system = tiny.seq_gan({**ROUND, **changes})
    stage = tiny.stage(system)
    tokens, noise, _ = _fixed(system)
    policy = system.model.policy
    values = system.model.values(policy.read(tokens, policy.state_of(noise)))
    mask = tf.ones(tokens.shape)
    returns = stage._rewards.n_step_returns(
        tokens, mask, values[..., 0], tf.constant(0)
    )
    found = stage._policy_parts(tokens, noise, None)
    expected = stage._policy_parts(tokens, noise, returns)
    assert float(found["return"].share) == pytest.approx(np.mean(returns))
    expected = -_log_probabilities(system, tokens, noise) * (
        returns - values[..., 0]
    )
    assert float(found["policy_loss"].share) == pytest.approx(
        np.mean(expected), rel=1e-4
    )
    assert np.isfinite(tiny.step(stage, tiny.batch(system, 3))["policy_loss"])


def test_each_step_trains_its_own_networks():
    system = tiny.seq_gan(
        {
            **ROUND,
            "reward.form": rewards.ROLL_OUTS,
            "reward.baseline": baselines.LEARNED,
        }
    )
    stage, batch = tiny.stage(system), tiny.batch(system)
    found = []
    for _ in range(stage._schedule.steps + 1):
        before = tiny.weights(system)
        tiny.step(stage, batch)
        found.append(tiny.changed(system, before))
    players = {"policy", "values"}
    # At first the roll-out policy is the policy already.
    assert found[:2] == [players] * 2
    assert found[2:6] == [{"discriminator"}] * 4
    assert found[6] == players | {"roll_out_policy"}


def test_what_is_not_learned_stays():
    system = tiny.seq_gan(ROUND)
    before = tiny.weights(system)
    tiny.step(tiny.stage(system), tiny.batch(system))
    assert tiny.changed(system, before) == {"policy"}


def test_fit_takes_the_kinds_in_turn():
    """Each by a graph of its own."""
    system = tiny.seq_gan(ROUND)
    stage, found = tiny.stage(system), []

    class Counter(tf.keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            both = stage.optimizer, stage._discriminator_optimizer
            found.append(tuple(int(one.iterations) for one in both))

    data = tf.data.Dataset.from_tensors(tiny.batch(system)).repeat(8)
    logs = stage.fit(data, verbose=0, callbacks=[Counter()]).history
    assert found == [(1, 0), (2, 0), *((2, n) for n in range(1, 5)), (3, 4),
                     (4, 4)]  # fmt: skip
    assert {"policy_loss", "return", "discriminator_loss"} <= logs.keys()


@pytest.mark.parametrize(("decay", "kept"), [(0.0, 0.0), (0.8, 0.8)])
def test_the_roll_out_policy_follows_once_a_round(decay, kept):
    """It begins as the pre-trained policy, not as what it was made as."""
    system = tiny.seq_gan(
        {
            **ROUND,
            "reward.form": rewards.ROLL_OUTS,
            "stages.adversarial.roll_out_decay": decay,
            "stages.adversarial.discriminator_sets": 0,
        }
    )
    model = system.model
    for variable in model.policy.weights:
        variable.assign_add(tf.ones(variable.shape))
    stage, batch = tiny.stage(system), tiny.batch(system)

    def both():
        return [
            [variable.numpy() for variable in policy.weights]
            for policy in (model.policy, model.roll_out_policy)
        ]

    trained, _ = both()
    tiny.step(stage, batch)
    for old, new in zip(trained, both()[1], strict=True):
        np.testing.assert_allclose(new, old, rtol=1e-6)
    tiny.step(stage, batch)
    policy, before = both()
    np.testing.assert_array_equal(before[0], trained[0])
    tiny.step(stage, batch)
    for old, aim, new in zip(before, policy, both()[1], strict=True):
        expected = kept * old + (1 - kept) * aim
        np.testing.assert_allclose(new, expected, atol=1e-6)


def test_the_discriminator_sees_each_set_again(monkeypatch):
    changes = {"stages.adversarial.discriminator_sets": 2}
    system = tiny.seq_gan({**ROUND, **changes})
    stage, seen = tiny.stage(system), []
    write = system.model.write

    def recorded(*args):
        tokens, noise = write(*args)
        seen.append(tokens.numpy().tolist())
        return tokens, noise

    monkeypatch.setattr(system.model, "write", recorded)
    for _ in range(stage._schedule.steps):
        tiny.step(stage, tiny.batch(system, 4))
    one, two, *again = seen[2:]
    three, four = again[2:4]
    assert again == [one, two, three, four, three, four]
    for sequences in (one, two, three, four):
        assert [one, two, three, four].count(sequences) == 1


def test_the_discriminator_s_loss(tmp_path):
    """Half the mean over true tokens, half that over generated ones."""
    system = tiny.text_gan(tmp_path)
    stage, batch = tiny.stage(system, "discriminator"), tiny.batch(system)
    discriminator, real = system.model.discriminator, batch["tokens"]
    alphabet, written = system.codec.alphabet, []
    write = system.model.write
    system.model.write = lambda *args: (
        written.append(write(*args)) or (written[-1])
    )
    before = discriminator.get_weights()
    logs = tiny.step(stage, batch)
    discriminator.set_weights(before)
    fake = written[0][0]
    total, right = 0.0, 0
    for tokens, sign in ((real, -1), (fake, 1)):
        mask = alphabet.mask(tokens).numpy()
        logits = discriminator(tokens, mask=mask > 0).numpy()
        total += np.sum(_softplus(sign * logits) * mask) / mask.sum() / 2
        last = logits[np.arange(7), mask.sum(axis=-1).astype(int) - 1]
        right += np.sum(last > 0 if sign < 0 else last <= 0)
    assert float(logs["discriminator_loss"]) == pytest.approx(total, rel=1e-5)
    assert float(logs["discriminator_right"]) == pytest.approx(right / 14)
    # The policy did not play.
    assert "policy_loss" not in logs


def test_wasserstein_s_weights_have_a_limit():
    system = tiny.seq_gan(
        {
            "stages.discriminator.discriminator_loss": "wasserstein",
            "stages.discriminator.weight_limit": 0.03,
        }
    )
    tiny.step(tiny.stage(system, "discriminator"), tiny.batch(system))
    found = system.model.discriminator.get_weights()
    assert max(np.max(np.abs(w)) for w in found) == pytest.approx(0.03)


def test_regularisation_is_added_by_its_weight(monkeypatch):
    losses = []

    def apply(optimizer, tape, scaled, *args, **kwargs):
        losses.append(float(scaled))

    monkeypatch.setattr(adversarial.descent, "apply", apply)
    for weight in (0.0, 0.3):
        system = tiny.seq_gan({"stages.discriminator.discriminator_l2": weight})
        stage = tiny.stage(system, "discriminator")
        stage._discriminator_step(tiny.batch(system))
    penalty = float(system.model.discriminator.regularization())
    assert penalty > 0.01
    assert losses[1] - losses[0] == pytest.approx(0.3 * penalty, rel=1e-3)


@pytest.mark.parametrize(("first", "last"), [(0.9, 0.1), (0.0, 1.0)])
def test_the_likelihood_s_weight_goes_evenly(first, last):
    changes = {
        "stages.adversarial.likelihood_weight": first,
        "stages.adversarial.last_likelihood_weight": last,
    }
    system = tiny.seq_gan({**ROUND, **changes})
    # Five rounds of six steps, two of them the policy's.
    stage = tiny.stage(system, steps=30)
    for iterations, weight in ((0, first), (5, 0.5), (10, last)):
        stage.optimizer.iterations.assign(iterations)
        assert float(stage._likelihood_weight()) == pytest.approx(weight)
    # The last round may break off after its policy's steps.
    stage = tiny.stage(system, steps=8)
    stage.optimizer.iterations.assign(4)
    assert float(stage._likelihood_weight()) == pytest.approx(last)
    batch = tiny.batch(system, 4)
    stage.optimizer.iterations.assign(0)
    logs = _log_probabilities(system, batch["tokens"], tf.zeros([4, 6]))
    found = tiny.step(stage, batch)
    assert float(found["likelihood_loss"]) == pytest.approx(
        -np.mean(logs), rel=1e-5
    )


def test_the_data_s_likelihood_is_learnt_beside_the_reward():
    """With a reward that teaches nothing, it is all that is."""

    def nll_after(weight):
        system = tiny.seq_gan(
            {
                **ALONE,
                "reward.baseline": baselines.BATCH,
                "reward.discount": 1.0,
                "stages.adversarial.likelihood_weight": weight,
                "stages.adversarial.last_likelihood_weight": weight,
            }
        )
        stage, batch = tiny.stage(system), tiny.batch(system)
        tiny.step(stage, batch)
        tiny.step(stage, batch)
        tokens = batch["tokens"]
        return -np.mean(_log_probabilities(system, tokens, tf.zeros([7, 6])))

    assert nll_after(1.0) < nll_after(0.0) - 0.005


def test_reinforce_earns_more_and_more():
    system = tiny.seq_gan(
        {
            **ALONE,
            "data.dataset": "melodies",
            "reward.objectives": ("ratio_of_steps",),
            "reward.baseline": baselines.BATCH,
            "reward.discount": 1.0,
            "stages.adversarial.policy_learning_rate": 0.05,
        }
    )
    earned = tiny.fit(
        tiny.stage(system), tiny.batch(system, 64), steps=10, epochs=5
    )["return"]
    assert earned[-1] > earned[0] + 0.2
