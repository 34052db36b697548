"""Tests of the builders' arguments."""

import pytest

from tfstory.datasets import arguments
from tfstory.errors import UserError

_DEFAULTS = {"seed": 0, "size": 64}


def test_defaults_are_filled_in():
    assert arguments.checked("d", _DEFAULTS, {"size": 32}, {}) == {
        "seed": 0, "size": 32,
    }  # fmt: skip


@pytest.mark.parametrize(
    "given, message",
    [
        ({"sise": 3}, "d has no argument 'sise'; it has these: seed, size"),
        ({"size": "big"}, "size must be int, not 'big'"),
        ({"size": True}, "size must be int, not True"),
        ({"size": 7}, "size must be at least 8"),
        ({"seed": -1}, "seed must be at least 0"),
    ],
)
def test_wrong_arguments(given, message):
    with pytest.raises(UserError, match=message):
        arguments.checked("d", _DEFAULTS, given, {"size": 8})


def test_config_names_differ_when_values_do():
    names = [
        arguments.config_name(_DEFAULTS, {**_DEFAULTS, **given})
        for given in ({}, {"seed": 1}, {"size": 1}, {"seed": 1, "size": 1})
    ]
    assert names[0] == "default"
    assert names[1].startswith("seed_1-")
    assert len(set(names)) == 4


def test_parse():
    assert arguments.parse(
        ["--builder.a=3", "--builder.b=x=y", "--builder.c=true"]
    ) == {"a": 3, "b": "x=y", "c": True}


@pytest.mark.parametrize("word", ["--config.a=3", "--builder.a", "a=3"])
def test_parse_refuses(word):
    with pytest.raises(UserError, match="--builder.NAME=VALUE"):
        arguments.parse([word])
