"""Tests locks between processes."""

import subprocess
import sys

import pytest

from tfstory import locks
from tfstory.errors import UserError

_HOLD = """
import sys, time
from tfstory import locks
with locks.held(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock of `work/.lock`."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, tmp_path / "work" / ".lock"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_a_lock_is_refused_until_its_holder_is_killed(holder, tmp_path):
    path = tmp_path / "work" / ".lock"
    with pytest.raises(UserError, match="^taken$"):
        with locks.held(path, "taken"):
            pass
    holder.kill()
    holder.wait()
    with locks.held(path, "taken"):
        with pytest.raises(UserError, match="^taken$"):
            with locks.held(path, "taken"):
                pass


def test_without_a_refusal_the_holder_s_end_is_waited_for(holder, tmp_path):
    holding = subprocess.Popen(
        [sys.executable, "-c", _HOLD, tmp_path / "work" / ".lock"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with holding:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                holding.wait(1)
            holder.kill()
            assert holding.stdout.readline() == "held\n"
        finally:
            holding.kill()


def test_one_process_at_a_time_trains_in_a_directory(tmp_path):
    workdir = tmp_path / "run"
    with locks.training(workdir):
        with (
            pytest.raises(UserError, match="another process trains in"),
            locks.training(workdir),
        ):
            pass
        # Workers of one run share it.
        with locks.training(workdir, worker=1):
            pass
    with locks.training(workdir):
        pass
