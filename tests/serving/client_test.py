"""The client library: conversion, errors and deadlines."""

import socket
import time

import grpc
import numpy as np
import pytest

from serving.client import Client, ServingError, conversion
from serving.client.calls import CallPolicy
from serving.protos import tensor_pb2, types_pb2


@pytest.fixture
def client(shared):
    with shared.client(timeout_seconds=60) as client:
        yield client


def test_plain_values_take_on_the_types_of_the_signature(client):
    outputs = client.predict("scale", {"pairs": [[1, 2.5]], "factor": [2]})
    assert outputs["scaled"].dtype == np.float32
    assert outputs["scaled"].tolist() == [[2.0, 5.0]]
    assert outputs["factor"].dtype == np.int64
    narrow = np.array([3], np.int8)
    outputs = client.predict("scale", {"pairs": [[1, 1]], "factor": narrow})
    assert outputs["factor"].tolist() == [3]


def test_text_and_bytes(client):
    outputs = client.predict("lower", {"text": ["Ä", b"B"]})
    assert outputs["text"].tolist() == ["ä".encode(), b"b"]
    assert outputs["text"].dtype == object
    array = np.array(["XY"])
    assert client.predict("lower", {"text": array})["bytes"].tolist() == [2]


def test_output_filter(client):
    outputs = client.predict("", {"x": [1.0]}, output_filter=["twice"])
    assert list(outputs) == ["twice"]


@pytest.mark.parametrize(
    ("signature", "inputs", "message"),
    [
        ("", {"x": ["a"]}, "input 'x': takes float.*, got text"),
        ("lower", {"text": [1]}, "input 'text': takes text or bytes"),
        ("scale", {"factor": [1.5]}, "input 'factor': .* got float64"),
        ("scale", {"factor": [2**63]}, "out of its range|got"),
        ("lower", {"text": [["a"], ["b", "c"]]}, "input 'text': "),
        ("", {"z": [1.0]}, "answered INVALID_ARGUMENT: .*extra: {z}"),
        ("nope", {}, 'signature key "nope" not found'),
        ("height", {"images": [b"x"]}, "Unknown image file format"),
    ],
)
def test_bad_calls_end_in_one_sentence(client, signature, inputs, message):
    with pytest.raises(ServingError, match=message) as raised:
        client.predict(signature, inputs)
    assert "\n" not in str(raised.value)


def test_metadata(client):
    found = client.metadata()
    assert (found.name, found.version) == ("numbers", 1)
    assert set(found.signatures) == {
        "serving_default",
        "scale",
        "lower",
        "height",
        "held",
    }
    inputs = found.signatures["scale"].inputs
    assert str(inputs["pairs"]) == "float32[?,2]"
    assert inputs["factor"].dtype == "int64"
    assert inputs["factor"].shape == (-1,)


def test_status_and_versions(served, add_version, eventually):
    with served.client() as client:
        (only,) = client.status()
        assert (only.version, only.state, only.error) == (1, "AVAILABLE", "")
        add_version(2)
        eventually(lambda: client.status()[0].version == 2)
        eventually(lambda: client.status()[0].available)
        assert client.predict("", {"x": [0.0]})["y"].tolist() == [2.0]
    with served.client(version=1) as client:
        with pytest.raises(ServingError, match="Specific") as raised:
            client.predict("", {"x": [0.0]})
        assert raised.value.code == "NOT_FOUND"


def test_a_version_or_a_label():
    with pytest.raises(ServingError, match="not both"):
        Client("localhost:1", "m", version=1, version_label="stable")
    with pytest.raises(ServingError, match="no version number"):
        Client("localhost:1", "m", version=2**63)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timeout_seconds": 0}, "timeout of 0 s"),
        ({"timeout_seconds": float("nan")}, "timeout of nan s"),
        ({"timeout_seconds": float("inf")}, "timeout of inf s"),
        ({"retries": -1}, "-1 retries"),
        ({"backoff_seconds": -1}, "backoff of -1 s"),
    ],
)
def test_numbers_out_of_their_range(options, message):
    with pytest.raises(ServingError, match=message):
        Client("localhost:1", "m", **options)


@pytest.mark.parametrize(
    ("seconds", "pause"),
    [(float("nan"), 1), (float("inf"), 1), (-1, 1), (1, 0)],
)
def test_a_wait_without_end_is_refused(seconds, pause):
    with Client("localhost:1", "m") as client:
        with pytest.raises(ServingError, match="cannot wait"):
            client.wait_until_ready(seconds, pause)


def test_an_output_of_a_foreign_type_is_named():
    proto = tensor_pb2.TensorProto(dtype=types_pb2.DT_BFLOAT16)
    with pytest.raises(ServingError, match="output 'y': type bfloat16 is not"):
        conversion.from_proto("y", proto)


@pytest.mark.parametrize(
    "target", ["", "localhost", "localhost:", ":8500", "host:0", "host:65536"]
)
def test_a_target_without_a_port_is_refused(target):
    with pytest.raises(ServingError, match=f"'{target}' is not host:port"):
        Client(target, "m")


@pytest.mark.parametrize(
    "target", ["[::1]:8500", "dns:///servers:8500", "unix:/tmp/socket"]
)
def test_other_names_of_servers_are_left_to_grpc(target):
    Client(target, "m").close()


def test_deadline(shared, gate):
    # Long enough for the metadata, even where a machine is slow.
    with shared.client(timeout_seconds=5) as client:
        client.metadata()
        # The gate is not opened: without a deadline this would be answered.
        with pytest.raises(ServingError, match="no answer .* 5 s") as raised:
            client.predict("held", {"x": [1.0]})
    assert raised.value.code == "DEADLINE_EXCEEDED"


def test_wait_until_ready(serve, add_version, eventually):
    served = serve()
    with served.client() as client:
        with pytest.raises(ServingError, match="numbers is not ready after"):
            client.wait_until_ready(timeout_seconds=0.3, poll_seconds=0.1)
        (served.base_path / "1").mkdir()
        why = served.manager.why_not_ready
        eventually(lambda: "failed" in why("numbers"))
        # The pause is as long as the wait: one look, with time to answer.
        with pytest.raises(ServingError, match="1 is .*no saved_model.pb"):
            client.wait_until_ready(timeout_seconds=30, poll_seconds=30)
        add_version(2)
        client.wait_until_ready(timeout_seconds=120)
        assert client.predict("", {"x": [0.0]})["y"].tolist() == [2.0]


def test_waiting_for_a_server_that_never_answers_ends_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"127.0.0.1:{silent.getsockname()[1]}"
        begin = time.monotonic()
        with Client(target, "m", timeout_seconds=3600) as client:
            with pytest.raises(ServingError, match="m is not ready after 1 s"):
                client.wait_until_ready(timeout_seconds=1)
    assert time.monotonic() - begin < 60


@pytest.mark.parametrize(
    "details",
    [
        "assertion failed: [steps must be from 1 to 9] [Condition x <= y did "
        "not hold element-wise:] [x (steps:0) = ] [10]\n [[{{a}}",
        "assertion failed: [steps must be from 1 to 9. ]",
        "assertion failed: [steps must be from 1 to 9]",
        "assertion failed: [steps must be from 1 to 9] [[{{node Assert}}]]",
        "assertion failed: [steps must be from 1 to 9] [10]",
    ],
)
def test_a_model_s_own_check_is_told_without_tensorflow_s_words(details):
    class _Refused(grpc.RpcError):
        def code(self):
            return grpc.StatusCode.INVALID_ARGUMENT

        def details(self):
            return details

    def method(request, timeout):
        raise _Refused

    with pytest.raises(ServingError) as raised:
        CallPolicy().call(method, None, "here:1")
    assert str(raised.value) == (
        "here:1 answered INVALID_ARGUMENT: steps must be from 1 to 9"
    )
