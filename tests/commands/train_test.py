"""Tests that one process at a time trains in a work directory."""

import os
import subprocess
import sys

import pytest

from tests.commands import small
from tfstory.training import runner

_TRAIN = """
import sys, time
from tests.commands import small
from tfstory.commands import main
from tfstory.training import runner

def train(*_):
    print("trains", flush=True)
    time.sleep(600)

runner.train = train
main.main(["train", *small.GAUSSIAN, *sys.argv[1:]])
"""


@pytest.fixture
def options(tmp_path):
    """Where to train and where the data lie."""
    return [f"--workdir={tmp_path}/run", f"--data_dir={tmp_path}/data"]


def test_a_changed_config_is_refused_before_data_are_prepared(
    options, tmp_path, tfstory
):
    code, _, err = tfstory("train", *small.GAUSSIAN, *options)
    assert code == 0, err
    prepared = sorted((tmp_path / "data").rglob("*"))
    size = "--config.data.builder.train_examples=300"
    code, _, err = tfstory("train", *small.GAUSSIAN, *options, size)
    assert code == 1
    assert "data.builder.train_examples was " in err
    assert sorted((tmp_path / "data").rglob("*")) == prepared


def test_a_second_process_is_refused_until_the_first_is_killed(
    options, tmp_path, tfstory, monkeypatch
):
    trained = []
    monkeypatch.setattr(runner, "train", lambda *args: trained.append(args))
    with subprocess.Popen(
        [sys.executable, "-c", _TRAIN, *options],
        cwd=small.ROOT,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        try:
            assert "trains\n" in iter(first.stdout.readline, "")
            code, _, err = tfstory("train", *small.GAUSSIAN, *options)
        finally:
            first.kill()
    assert code == 1
    assert f"another process trains in {tmp_path}/run; wait" in err
    assert len(err.splitlines()) == 1
    assert trained == []
    code, _, err = tfstory("train", *small.GAUSSIAN, *options)
    assert code == 0, err
    assert len(trained) == 1
