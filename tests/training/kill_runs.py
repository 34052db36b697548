"""Kills training with SIGKILL again and again; run by `kill_test`."""

import os
import pathlib
import signal
import sys
import time

import matplotlib.figure  # noqa: F401  Imported once, for all.
import numpy as np

from tests.training import forks, toy  # noqa: F401
from tfstory.training import checkpoints, recorder, runner  # noqa: F401


def _die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def _die_in_call(owner, name, number, replacement):
    """Lets the call of this number end the process, from 1."""
    original = getattr(owner, name)
    calls = 0

    def counted(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == number:
            replacement(*args)
            _die()
        return original(*args, **kwargs)

    setattr(owner, name, counted)


def _half_written(directory, position):
    """What a kill leaves of a checkpoint that is being written."""
    folder = pathlib.Path(directory)
    (folder / "ckpt-99_temp").mkdir()
    (folder / "ckpt-99_temp" / "part-00000-of-00001.data").write_bytes(b"x")
    (folder / "ckpt-98.data-00000-of-00001").write_bytes(b"half")
    (folder / "ckpt-98.index.tempstate1").write_bytes(b"")


def _prepare_death(moment, number):
    if moment == "step":
        _die_in_call(
            recorder.Recorder, "on_train_batch_end", number, lambda *_: None
        )
    elif moment == "before save":
        _die_in_call(checkpoints.Checkpoints, "save", number, lambda *_: None)
    elif moment == "in save":
        _die_in_call(
            checkpoints.Checkpoints,
            "save",
            number,
            lambda self, position, *_: _half_written(self._own, position),
        )
    elif moment == "in removal":
        _die_in_call(
            checkpoints,
            "_remove",
            number,
            lambda folder, name: (folder / f"{name}.index").unlink(),
        )


def _run(make, workdir, moment, number):
    _prepare_death(moment, number)
    forks.train(workdir, workdir, 11, make, strategy="one_device")


def _end_of(make, workdir, moment="", number=0, killed_after=None):
    """Returns the signal that ended a run; 0 where it came to its end."""
    child = forks.fork(_run, make, workdir, moment, number)
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    return forks.wait(child)


def _compare(make, folder, seed):
    """Makes an unbroken run and one that is killed at several moments."""
    began = time.monotonic()
    _end_of(make, f"{folder}/unbroken")
    whole = time.monotonic() - began
    random = np.random.default_rng(seed)
    deaths = [
        ("in save", 2),
        ("step", int(random.integers(2, 5))),
        ("in removal", 1),
        ("before save", int(random.integers(2, 4))),
    ]
    broken = f"{folder}/broken"
    ended = [_end_of(make, broken, *death) for death in deaths]
    after = random.uniform(0.2, 0.6) * whole
    ended.append(_end_of(make, broken, killed_after=after))
    ended.append(_end_of(make, broken))
    # At once: a fork would print it again.
    print(make, "ended by", ended, flush=True)


def main(folder: str, seed: str, *makes: str) -> None:
    """Makes an unbroken and a broken run of each config.

    Args:
      folder: gets a folder a config, with both runs.
      seed: chooses the moments.
      *makes: names of the toy's functions that make the configs.
    """
    for make in makes:
        _compare(make, f"{folder}/{make}", int(seed))


if __name__ == "__main__":
    main(*sys.argv[1:])
