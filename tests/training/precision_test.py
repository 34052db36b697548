"""Tests mixed precision and XLA, and that they give way in words."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training import toy
from tfstory.systems import registry
from tfstory.training import checkpoints, precision, runner, setup


@pytest.fixture(autouse=True)
def float32_again():
    yield
    keras.mixed_precision.set_dtype_policy("float32")


@pytest.mark.parametrize(
    "capabilities, policy",
    [
        ([], "mixed_bfloat16"),
        ([(8, 0), (9, 0)], "mixed_bfloat16"),
        ([(9, 0), (7, 5)], "mixed_float16"),
        ([(6, 1)], "float32"),
    ],
)
def test_the_policy_is_what_the_weakest_device_can(
    monkeypatch, caplog, capabilities, policy
):
    monkeypatch.setattr(
        tf.config, "list_physical_devices", lambda kind: capabilities
    )
    monkeypatch.setattr(
        tf.config.experimental,
        "get_device_details",
        lambda capability: {"compute_capability": capability},
    )
    config = toy.config(mixed_precision=True)
    assert precision.configure(config) == policy
    assert keras.mixed_precision.dtype_policy().name == policy
    assert ("6.1 gains nothing" in caplog.text) == (policy == "float32")


def test_off_means_float32():
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    assert precision.configure(toy.config()) == "float32"
    assert keras.mixed_precision.dtype_policy().name == "float32"


def test_xla_is_what_the_config_says(two_replicas, caplog):
    one_device = tf.distribute.get_strategy()
    stage = toy.Toy(toy.config()).stages()[0].build(3)
    precision.set_xla(stage, toy.config(xla=True), one_device)
    assert stage.jit_compile is True
    precision.set_xla(stage, toy.config(xla=False), one_device)
    assert stage.jit_compile is False
    assert not caplog.text
    precision.set_xla(stage, toy.config(xla=True), two_replicas)
    assert stage.jit_compile is False
    assert "stage first runs without XLA" in caplog.text


def _train(policy, workdir):
    """Trains the toy under a policy; returns the system and history."""
    keras.mixed_precision.set_dtype_policy(policy)
    system = toy.Toy(toy.config())
    return system, runner.train(
        system,
        tf.distribute.get_strategy(),
        toy.examples(9),
        toy.examples(6, 100),
        workdir,
    )


def _computes_in(system):
    return {layer.compute_dtype for layer in system.model.layers}


@pytest.fixture(scope="module")
def rows_of_float32(tmp_path_factory):
    return _train("float32", tmp_path_factory.mktemp("float32"))[1]


@pytest.mark.parametrize(
    ("policy", "tolerance"),
    # float16 passes over the steps on which it finds its loss scale.
    [("mixed_float16", 0.4), ("mixed_bfloat16", 0.05)],
)
def test_mixed_precision_trains_as_float32_does_and_is_used_in_float32(
    policy, tolerance, rows_of_float32, tmp_path, monkeypatch
):
    trained, rows = _train(policy, tmp_path)
    assert _computes_in(trained) == {policy.removeprefix("mixed_")}
    last, exact = rows[-1], rows_of_float32[-1]
    for part in ("train", "validation"):
        assert last[part] == pytest.approx(exact[part], rel=tolerance)
    monkeypatch.setitem(registry._SYSTEMS, "toy", "tests.training.toy:Toy")
    system, position = setup.restore(trained.config, "", tmp_path)
    assert position == (2, 0, 0)
    assert _computes_in(system) == {"float32"}
    for mine, theirs in zip(
        system.model.weights, trained.model.weights, strict=True
    ):
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy())


def _change_of_a_step(policy):
    """Returns how much a step of gradient descent moves each weight."""
    keras.mixed_precision.set_dtype_policy(policy)
    system = toy.Toy(toy.config())
    stage = system.stages()[1].build(3)
    stage.compile(optimizer=keras.optimizers.SGD(0.1))
    stage.optimizer.build(system.model.trainable_variables)
    stage.critic_optimizer = stage.scaling(keras.optimizers.SGD(0.1))
    stage.critic_optimizer.build(system.critic.trainable_variables)
    for optimizer in checkpoints.optimizers(stage):
        if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            optimizer.dynamic_scale.assign(256.0)
    weights = system.model.weights + system.critic.weights
    before = [weight.numpy() for weight in weights]
    stage.train_step(system.prepare(next(iter(toy.examples(9).batch(9)))))
    return [w.numpy() - b for w, b in zip(weights, before, strict=True)]


def test_a_step_in_float16_scales_every_loss_and_takes_the_scale_back():
    exact = _change_of_a_step("float32")
    found = _change_of_a_step("mixed_float16")
    assert all(np.abs(change).max() > 0.01 for change in exact)
    for one, other in zip(found, exact, strict=True):
        np.testing.assert_allclose(one, other, rtol=0.02, atol=2e-3)


def test_float16_scales_the_loss_of_every_optimizer():
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    stage = toy.Toy(toy.config()).stages()[1].build(3)
    found = checkpoints.optimizers(stage)
    assert len(found) == 2
    for optimizer in found:
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
