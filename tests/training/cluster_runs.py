"""Trains alone and as the workers of a cluster; run by `cluster_test`."""

import json
import os
import sys

from tests.training import forks
from tfstory.training import runner  # noqa: F401  Imported once, for all.


def _work(folder, index, ports):
    cluster = {"worker": [f"localhost:{port}" for port in ports]}
    task = {"type": "worker", "index": index}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
    forks.train(f"{folder}/together", f"{folder}/worker_{index}", 9)


def main(folder: str, *ports: str) -> None:
    """Trains on one device, and on a worker a port."""
    workers = [
        forks.fork(_work, folder, index, ports) for index in range(len(ports))
    ]
    forks.train(f"{folder}/single", f"{folder}/alone", 9, strategy="one_device")
    for worker in workers:
        assert forks.wait(worker) == 0


if __name__ == "__main__":
    main(*sys.argv[1:])
