"""Tests mixed precision and XLA, and that they give way in words."""

import keras
import pytest
import tensorflow as tf

from tests.training import toy
from tfstory.training import precision


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
