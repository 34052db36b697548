"""Kills training with SIGKILL again and again; run by `kill_test`.

One process imports TensorFlow and forks the runs, which spares each of them
the import. TensorFlow starts no thread before its first operation.
"""

import json
import os
import pathlib
import signal
import sys
import time

import numpy as np

from tests.training import toy
from tfstory.training import checkpoints, recorder, runner, strategy


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


def _run(workdir, moment, number):
    _prepare_death(moment, number)
    config = toy.config(strategy="one_device")
    chosen = strategy.choose(config)
    with chosen.scope():
        system = toy.Toy(config)
    train, validation = toy.examples(11), toy.examples(6, 100)
    rows = runner.train(system, chosen, train, validation, workdir)
    weights = [
        variable.numpy()
        for network in system.networks.values()
        for variable in network.weights
    ]
    np.savez(f"{workdir}/weights.npz", *weights)
    pathlib.Path(workdir, "rows.json").write_text(json.dumps(rows))


def _fork(workdir, moment, number, killed_after=None):
    """Returns the signal that ended the run; 0 where it came to its end."""
    child = os.fork()
    if not child:
        try:
            _run(workdir, moment, number)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a run failed")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def main(folder: str, seed: int) -> None:
    """Makes an unbroken run and one that is killed at several moments."""
    began = time.monotonic()
    _fork(f"{folder}/unbroken", "", 0)
    whole = time.monotonic() - began
    random = np.random.default_rng(seed)
    deaths = [
        ("in save", 2),
        ("step", int(random.integers(2, 5))),
        ("in removal", 1),
        ("before save", int(random.integers(2, 4))),
    ]
    broken = f"{folder}/broken"
    ended = [_fork(broken, *death) for death in deaths]
    ended.append(_fork(broken, "", 0, random.uniform(0.2, 0.6) * whole))
    ended.append(_fork(broken, "", 0))
    print("ended by", ended)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
