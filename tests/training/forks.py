"""Trains the toy in forks of one process.

That spares each run the import of TensorFlow, which starts no thread before
its first operation.
"""

import json
import os
import pathlib
import subprocess
import sys
import traceback
from collections.abc import Callable

import numpy as np


def start(module: str, *words) -> str:
    """Runs a module of runs in a process of its own; returns its output."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        cwd=pathlib.Path(__file__).parents[2],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        capture_output=True,
        text=True,
        timeout=1_800,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def fork(function: Callable, *args) -> int:
    """Calls a function in a fork; returns its process id."""
    child = os.fork()
    if not child:
        code = 1
        try:
            function(*args)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return child


def wait(child: int) -> int:
    """Returns the signal that ended a fork; 0 where it came to its end."""
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a run failed")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def train(
    workdir, output, examples: int, make: str = "config", **training
) -> None:
    """Trains the toy and writes its weights and history.

    Args:
      workdir: the run's.
      output: gets `weights.npz` and `rows.json`.
      examples: training examples.
      make: name of the toy's function that makes the config.
      **training: what differs in the config's training part.
    """
    from tests.training import toy
    from tfstory.training import runner, strategy

    config = getattr(toy, make)(**training)
    chosen = strategy.choose(config)
    with chosen.scope():
        system = toy.Toy(config)
    rows = runner.train(
        system, chosen, toy.examples(examples), toy.examples(6, 100), workdir
    )
    weights = [
        variable.numpy()
        for network in system.networks.values()
        for variable in network.weights
    ]
    output = pathlib.Path(output)
    output.mkdir(exist_ok=True)
    np.savez(output / "weights.npz", *weights)
    (output / "rows.json").write_text(json.dumps(rows))


def read(output):
    """Returns the weights and the history that `train` has written."""
    with np.load(output / "weights.npz") as file:
        weights = [file[name] for name in file.files]
    return weights, json.loads((output / "rows.json").read_text())
