"""Versions change under load without one failed request."""

import threading
import time

import grpc
import pytest


def test_no_request_fails_while_versions_change(served, add_version):
    end = time.monotonic() + 60
    done = threading.Event()
    failures = []
    answered = [[] for _ in range(4)]

    def call_on_and_on(answers):
        with served.client(retries=0, timeout_seconds=30) as client:
            while not done.is_set() and time.monotonic() < end:
                try:
                    outputs = client.predict("", {"x": [0.0, 1.0]})
                except Exception as error:
                    failures.append(error)
                    return
                first, second = outputs["y"].tolist()
                if second != first + 1:
                    failures.append(outputs)
                answers.append(first)

    threads = [
        threading.Thread(target=call_on_and_on, args=(answers,))
        for answers in answered
    ]
    for thread in threads:
        thread.start()
    for version in (2, 3):
        add_version(version)
        while time.monotonic() < end and not all(
            answers and answers[-1] == version for answers in answered
        ):
            assert not failures
            time.sleep(0.02)
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    for answers in answered:
        assert answers == sorted(answers)  # Never back to an older version.
        assert set(answers) == {1.0, 2.0, 3.0}


def test_a_long_call_ends_on_the_version_it_began_with(
    served, add_version, eventually
):
    with served.client(timeout_seconds=60) as client:
        client.predict("spin", {"turns": 1})
        begin = time.monotonic()
        client.predict("spin", {"turns": 20_000})
        turns = int(20_000 * 3.0 / (time.monotonic() - begin))
        outputs = {}
        thread = threading.Thread(
            target=lambda: outputs.update(
                client.predict("spin", {"turns": turns})
            )
        )
        thread.start()
        time.sleep(0.3)
        add_version(2)
        eventually(lambda: client.status()[0].version == 2)
        eventually(lambda: client.status()[-1].state in ("UNLOADING", "END"))
        assert not outputs, "The long call was too short to test anything."
        assert client.predict("", {"x": [0.0]})["y"].tolist() == [2.0]
        thread.join()
        assert outputs["version"] == 1.0
        assert outputs["done"] == turns
        eventually(lambda: client.status()[-1].state == "END")


def test_a_stopping_server_lets_calls_end(served):
    outputs = {}
    with served.client(timeout_seconds=60) as client:
        client.predict("spin", {"turns": 10})
        thread = threading.Thread(
            target=lambda: outputs.update(
                client.predict("spin", {"turns": 20_000})
            )
        )
        thread.start()
        time.sleep(0.1)
        served.stop(grace_seconds=60)
        thread.join()
        assert outputs["done"] == 20_000
        with pytest.raises(Exception, match="cannot reach") as raised:
            client.predict("", {"x": [0.0]})
        assert raised.value.code == grpc.StatusCode.UNAVAILABLE.name
