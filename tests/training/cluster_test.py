"""Tests that two processes of a cluster train as one."""

import socket

import numpy as np
import pytest

from tests.training import forks


def _free_ports(count):
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def test_two_workers_equal_one_process(tmp_path):
    forks.start("tests.training.cluster_runs", tmp_path, *_free_ports(2))
    alone, rows = forks.read(tmp_path / "alone")
    for name in ("worker_0", "worker_1"):
        found, shared = forks.read(tmp_path / name)
        for one, other in zip(found, alone, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)
        for row, expected in zip(shared, rows, strict=True):
            assert row["kept"] == expected["kept"]
            assert row["validation"] == pytest.approx(
                expected["validation"], rel=1e-4
            )
    # One worker writes what all have come to.
    together = tmp_path / "together"
    assert len(list((together / "logs").rglob("events*"))) == 4
