"""Versions change under load without one failed request."""

import threading
import time
from concurrent import futures

from serving.client import ServingError


def test_no_request_fails_while_versions_change(served, add_version):
    end = time.monotonic() + 240
    done = threading.Event()
    failures = []
    answered = [[] for _ in range(4)]

    def call_on_and_on(answers):
        with served.client(retries=0, timeout_seconds=60) as client:
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
    for version in (1, 2, 3):
        if version > 1:
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


def _held_call(pool, client, gate):
    """Begins a call that the server holds; its answer is x + the version."""
    answer = pool.submit(client.predict, "held", {"x": [0.0]})
    gate.wait_for_a_call()
    return answer


def test_a_long_call_ends_on_the_version_it_began_with(
    served, add_version, eventually, gate
):
    with (
        served.client(timeout_seconds=240) as client,
        futures.ThreadPoolExecutor() as pool,
        gate,
    ):
        answer = _held_call(pool, client, gate)
        add_version(2)
        eventually(lambda: client.status()[-1].state == "UNLOADING")
        assert client.predict("", {"x": [0.0]})["y"].tolist() == [2.0]
        # Still there, because of the call.
        assert client.status()[-1].state == "UNLOADING"
        gate.open()
        assert answer.result()["y"].tolist() == [1.0]
        eventually(lambda: client.status()[-1].state == "END")


def test_a_stopping_server_lets_calls_end(served, eventually, gate):
    def refuses():
        with served.client(retries=0, timeout_seconds=60) as newcomer:
            try:
                newcomer.predict("", {"x": [0.0]})
            except ServingError as error:
                return error.code == "UNAVAILABLE"

    with (
        served.client(timeout_seconds=240) as client,
        futures.ThreadPoolExecutor() as pool,
        gate,
    ):
        answer = _held_call(pool, client, gate)
        # Far longer than the test may take: it ends with the call.
        stopped = pool.submit(served.stop, grace_seconds=3600)
        eventually(refuses)
        assert not stopped.done()
        gate.open()
        assert answer.result()["y"].tolist() == [1.0]
        stopped.result(timeout=120)
