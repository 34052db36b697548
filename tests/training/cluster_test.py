"""Tests that two processes of a cluster train as one."""

import json
import os
import pathlib
import socket
import subprocess
import sys

import numpy as np
import pytest

from tests.training import cluster_runs


def _free_ports(count):
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _start(workdir, output, tf_config):
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.training.cluster_runs",
            workdir,
            output,
        ],
        cwd=pathlib.Path(__file__).parents[2],
        env={
            **os.environ,
            "CUDA_VISIBLE_DEVICES": "-1",
            "TF_CONFIG": json.dumps(tf_config),
        },
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_workers_equal_one_process(tmp_path):
    cluster = {"worker": [f"localhost:{port}" for port in _free_ports(2)]}
    runs = {
        f"worker_{index}": _start(
            tmp_path / "together",
            tmp_path / f"worker_{index}",
            {"cluster": cluster, "task": {"type": "worker", "index": index}},
        )
        for index in range(2)
    }
    try:
        alone = tmp_path / "alone"
        cluster_runs.main(tmp_path / "single", alone, strategy="one_device")
        for run in runs.values():
            _, errors = run.communicate(timeout=240)
            assert run.returncode == 0, errors[-3000:]
    finally:
        for run in runs.values():
            run.kill()
    rows = json.loads((tmp_path / "alone.json").read_text())
    alone = np.load(tmp_path / "alone.npz")
    for name in ("worker_0", "worker_1"):
        found = np.load(tmp_path / f"{name}.npz")
        for key in alone.files:
            np.testing.assert_allclose(found[key], alone[key], atol=1e-6)
        shared = json.loads((tmp_path / f"{name}.json").read_text())
        for row, expected in zip(shared, rows, strict=True):
            assert row["kept"] == expected["kept"]
            assert row["validation"] == pytest.approx(expected["validation"])
    # One worker writes what all have come to.
    together = tmp_path / "together"
    assert len(list((together / "logs").rglob("events*"))) == 4
