"""Trains as one worker of a cluster; run by `cluster_test`."""

import json
import pathlib
import sys

import numpy as np

from tests.training import toy
from tfstory.training import runner, strategy


def main(workdir: str, output: str, **training) -> None:
    """Trains the toy and writes its weights and history."""
    config = toy.config(**training)
    chosen = strategy.choose(config)
    with chosen.scope():
        system = toy.Toy(config)
    train, validation = toy.examples(9), toy.examples(6, 100)
    rows = runner.train(system, chosen, train, validation, workdir)
    weights = [
        variable.numpy()
        for network in system.networks.values()
        for variable in network.weights
    ]
    np.savez(f"{output}.npz", *weights)
    pathlib.Path(f"{output}.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
