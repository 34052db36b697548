"""What `tfstory generate` checks for all systems."""

import argparse

import pytest

from tfstory.commands import generate
from tfstory.errors import UserError

LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", LARGEST + 1),
        ("seed", -LARGEST - 2),
        ("seed", [0, LARGEST + 1]),
        ("interpolate", LARGEST + 1),
    ],
)
def test_numbers_that_no_model_takes(name, value):
    args = argparse.Namespace(workdir="none", **{name: value})
    with pytest.raises(UserError, match=f"--{name} must be from -9.* to 9.*7,"):
        generate.run(args)


@pytest.mark.parametrize("seed", [LARGEST, -LARGEST - 1, [0, LARGEST], None])
def test_all_others_go_on(seed, tmp_path):
    args = argparse.Namespace(workdir=str(tmp_path), seed=seed)
    with pytest.raises(UserError, match="holds no training run"):
        generate.run(args)
