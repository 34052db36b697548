"""GaussianGan's stages: losses, what they train, and replicas."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.systems import batches as batches_lib
from tests.systems.gaussian_gan import small
from tfstory.systems.gaussian_gan.system import GaussianGan


def _stages(made, steps=10):
    return {plan.name: plan.build(steps) for plan in made.stages()}


def _pretrained(name="seed", **stage):
    config = small.config(name)
    config.stages.pretraining.epoch_steps = 5
    config.stages.adversarial.update(stage)
    tf.keras.utils.set_random_seed(0)
    return GaussianGan(config)


def _numpy_mlp(network, x):
    """The seed's layers by NumPy: tanh, tanh, and what the last gives."""
    weights = [v.numpy() for v in network.weights]
    hidden = np.asarray(x)[:, None]
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        hidden = np.tanh(hidden @ kernel + bias)
    return (hidden @ weights[-2] + weights[-1])[:, 0]


def test_networks_have_the_seed_s_layers():
    model = small.system().model
    shapes = [(1, 6), (6,), (6, 5), (5,), (5, 1), (1,)]
    for network in (model.generator, model.discriminator):
        assert [tuple(v.shape) for v in network.weights] == shapes
    z = np.float32([-5.0, 0.3, 4.0])
    np.testing.assert_allclose(
        model.generator(z),
        5 * np.tanh(_numpy_mlp(model.generator, z)),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        model.discriminator(z), _numpy_mlp(model.discriminator, z), rtol=1e-5
    )


def test_losses_are_those_of_the_minimax_game():
    made = small.system()
    stage = _stages(made)["adversarial"]
    values = small.batch()["value"]
    found = stage.losses_of(values)
    z = np.float32((2 * (np.arange(7) + 0.5) / 7 - 1) * 5)
    fake = 5 * np.tanh(_numpy_mlp(made.model.generator, z))

    def probability(x):
        return 1 / (1 + np.exp(-_numpy_mlp(made.model.discriminator, x)))

    not_fooled = np.mean(np.log(1 - probability(fake)))
    value = np.mean(np.log(probability(values))) + not_fooled
    share = {name: float(loss.share) for name, loss in found.items()}
    assert share["discriminator_loss"] == pytest.approx(-value, rel=1e-5)
    assert share["generator_loss"] == pytest.approx(not_fooled, rel=1e-5)


def test_a_discriminator_that_knows_nothing_has_the_optimal_losses():
    made = small.system()
    for variable in made.model.discriminator.weights:
        variable.assign(tf.zeros_like(variable))
    plan = made.stages()[-1]
    found = plan.build(1).losses_of(small.batch()["value"])
    assert plan.optima == {
        "discriminator_loss": pytest.approx(-2 * math.log(0.5)),
        "generator_loss": pytest.approx(math.log(0.5)),
    }
    for name, optimum in plan.optima.items():
        assert float(found[name].share) == pytest.approx(optimum, rel=1e-6)


@pytest.mark.parametrize("stage", ["pretraining", "adversarial"])
def test_the_penalty_is_shown_beside_the_loss_that_has_an_optimum(stage):
    values = small.batch()
    found = {}
    for weight in (0.0, 0.5):
        made = _pretrained(r1_weight=weight)
        found[weight] = _stages(made)[stage].evaluate(
            tf.data.Dataset.from_tensors(values), verbose=0, return_dict=True
        )
    plain, penalised = found[0.0], found[0.5]
    loss = plain.get("discriminator_loss", plain["loss"])
    assert penalised["discriminator_loss"] == pytest.approx(loss, rel=1e-5)
    # R1: half the squared slope of the logits at real numbers.
    real = values["value"]
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = made.model.discriminator(real)
    slopes = tape.gradient(logits, real).numpy()
    assert penalised["penalty"] == pytest.approx(
        0.5 * np.mean(slopes**2), rel=1e-4
    )
    assert penalised["loss"] == pytest.approx(
        plain["loss"] + 0.5 * penalised["penalty"], rel=1e-4
    )


def test_no_iterations_of_pretraining_are_no_stage():
    assert [plan.name for plan in small.system().stages()] == ["adversarial"]
    made = _pretrained()
    names = [plan.name for plan in made.stages()]
    assert names == ["pretraining", "adversarial"]
    made.config.stages.pretraining.epochs = 0
    GaussianGan.check(made.config)
    assert [plan.name for plan in made.stages()] == ["adversarial"]


@pytest.mark.parametrize(
    ("name", "stage", "changed"),
    [
        ("seed", "pretraining", {"discriminator"}),
        ("seed", "adversarial", {"discriminator", "generator"}),
        ("remedy", "adversarial", {"discriminator", "generator", "average"}),
    ],
)
def test_what_a_stage_trains(name, stage, changed):
    made = _pretrained(name)
    before = {
        key: [v.numpy() for v in network.weights]
        for key, network in made.networks.items()
    }
    data = tf.data.Dataset.from_tensors(small.batch())
    _stages(made)[stage].fit(data, verbose=0)
    assert changed == {
        key
        for key, network in made.networks.items()
        if any(
            np.any(v.numpy() != old)
            for v, old in zip(network.weights, before[key], strict=True)
        )
    }


def test_the_average_follows_the_generator():
    made = small.system("remedy")
    before = [v.numpy() for v in made.model.generator.weights]
    data = tf.data.Dataset.from_tensors(small.batch())
    _stages(made)["adversarial"].fit(data, verbose=0)
    share = 1 - made.config.model.ema_decay
    for old, new, average in zip(
        before,
        made.model.generator.weights,
        made.model.average.weights,
        strict=True,
    ):
        np.testing.assert_allclose(
            average, old + share * (new.numpy() - old), atol=1e-6
        )


def test_steps_of_each_are_as_many_as_the_config_says():
    made = small.system(discriminator_steps=3, generator_steps=2)
    plan = made.stages()[-1]
    assert plan.batch_size == 3 * 200
    stage = plan.build(10)
    data = tf.data.Dataset.from_tensors(small.batch(9))
    stage.fit(data, verbose=0)
    assert int(stage.optimizer.iterations) == 2
    assert int(stage.discriminator_optimizer.iterations) == 3


def test_stages_and_steps_have_z_of_their_own(monkeypatch):
    made = _pretrained(discriminator_steps=2, generator_steps=2)
    draw, seen = made.model.random_z, []

    def watched(count, seed):
        seen.append(tuple(seed.numpy().tolist()))
        return draw(count, seed)

    monkeypatch.setattr(made.model, "random_z", watched)
    for stage in _stages(made).values():
        stage.train_step(small.batch(8))
    # Of pre-training one, of both players two each.
    assert len(set(seen)) == len(seen) == 5


@pytest.mark.parametrize(
    ("name", "stage", "settings"),
    [
        ("seed", "pretraining", {}),
        ("seed", "adversarial", {}),
        (
            "seed",
            "adversarial",
            {"discriminator_steps": 2, "generator_steps": 2},
        ),
        # By SGD: Adam blows the rounding of nearly nothing up.
        ("remedy", "pretraining", {"optimizer": "sgd"}),
        (
            "remedy",
            "adversarial",
            {"optimizer": "sgd", "r1_weight": 0.5},
        ),
    ],
)
def test_two_replicas_equal_one_device(two_replicas, name, stage, settings):
    """Noise included: each replica takes its part of the whole batch's z."""

    def trained(strategy):
        with strategy.scope():
            made = _pretrained(name, **settings)
            model = _stages(made)[stage]
        batch = small.batch(7)
        history = batches_lib.fit(model, strategy, [(batch, 5)] * 3)
        return small.weights(made), history["loss"][-1]

    one, one_loss = trained(tf.distribute.get_strategy())
    two, two_loss = trained(two_replicas)
    assert two_loss == pytest.approx(one_loss, rel=1e-5)
    for first, second in zip(one, two, strict=True):
        np.testing.assert_allclose(second, first, atol=1e-6)
