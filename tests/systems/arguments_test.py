"""Arguments of `tfstory generate` that systems share."""

import argparse
import importlib

import pytest

from tfstory.errors import UserError
from tfstory.systems import arguments

WITH_GENERATE = (
    "face_gan",
    "gaussian_gan",
    "seq_gan",
    "story_gan",
    "story_reasoning",
    "text_gan",
)


def _parse(system, word):
    parser = argparse.ArgumentParser()
    importlib.import_module(f"tfstory.systems.{system}.generate").add_arguments(
        parser
    )
    # Nothing else is required.
    for action in parser._actions:
        action.required = False
    return parser.parse_args([word])


@pytest.mark.parametrize("system", WITH_GENERATE)
def test_a_seed_that_no_int64_holds_is_refused(system):
    for number in ("99999999999999999999", str(-(2**63))):
        with pytest.raises(UserError, match=f"seed must be .* not {number}"):
            _parse(system, f"--seed={number}")
    for number in (0, -7, 2**62):
        assert _parse(system, f"--seed={number}").seed in (number, [number])


def test_the_seed_of_a_way_s_end_is_one_too():
    with pytest.raises(UserError, match="seed must be"):
        _parse("face_gan", "--interpolate=99999999999999999999")


def test_more_than_there_can_be_is_refused():
    for number in (2, 5):
        arguments.check_within("--count", number, 2, 5)
    for number in (1, 6):
        with pytest.raises(
            UserError, match=f"--count must be from 2 to 5, not {number}"
        ):
            arguments.check_within("--count", number, 2, 5)


def test_what_is_no_number_is_told(capsys):
    with pytest.raises(SystemExit):
        _parse("face_gan", "--seed=one")
    assert (
        "--seed: must be a whole number, not 'one'" in capsys.readouterr().err
    )
