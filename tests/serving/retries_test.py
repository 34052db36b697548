"""Which failed calls the client tries again, and when."""

import threading
from concurrent import futures

import grpc
import pytest

from serving.client import Client, ServingError
from serving.client.calls import CallPolicy
from serving.protos import (
    get_model_metadata_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
)


class _Flaky(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Fails some times, then answers; counts its calls."""

    def __init__(self, code, failures):
        self.calls = 0
        self._code, self._failures = code, failures

    def Predict(self, request, context):
        self.calls += 1
        if self.calls <= self._failures:
            context.abort(self._code, "not\nnow")
        return predict_pb2.PredictResponse()

    def GetModelMetadata(self, request, context):
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.metadata["signature_def"].Pack(
            get_model_metadata_pb2.SignatureDefMap()
        )
        return response


@pytest.fixture
def flaky():
    servers = []

    def start(code, failures, target="127.0.0.1:0"):
        server = grpc.server(futures.ThreadPoolExecutor(2))
        service = _Flaky(code, failures)
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            service, server
        )
        port = server.add_insecure_port(target)
        service.server = server
        server.start()
        servers.append(server)
        return service, f"127.0.0.1:{port}"

    yield start
    for server in servers:
        server.stop(0)


def _call(target, **options):
    with Client(target, "m", backoff_seconds=0.01, **options) as client:
        return client.predict("", {})


@pytest.mark.parametrize(
    "code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED]
)
def test_a_server_that_is_away_or_stopping_is_tried_again(flaky, code):
    service, target = flaky(code, 2)
    assert _call(target, retries=2) == {}
    assert service.calls == 3


def test_no_more_retries_than_asked_for(flaky):
    service, target = flaky(grpc.StatusCode.UNAVAILABLE, 9)
    with pytest.raises(ServingError, match=r"running\? \(not now\)") as raised:
        _call(target, retries=2)
    assert raised.value.code == "UNAVAILABLE"
    assert service.calls == 3


@pytest.mark.parametrize(
    "code",
    [
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
    ],
)
def test_other_errors_are_not(flaky, code):
    service, target = flaky(code, 1)
    with pytest.raises(ServingError) as raised:
        _call(target, retries=3)
    assert raised.value.code == code.name
    assert service.calls == 1


def test_deadlines_are_tried_again_on_demand(flaky):
    service, target = flaky(grpc.StatusCode.DEADLINE_EXCEEDED, 1)
    assert _call(target, retries=1, retry_deadline_exceeded=True) == {}
    assert service.calls == 2


def test_pauses_double_up_to_a_bound(monkeypatch):
    pauses = []
    monkeypatch.setattr("serving.client.calls.time.sleep", pauses.append)
    monkeypatch.setattr("random.uniform", lambda low, high: high)

    class Away(grpc.RpcError):
        def code(self):
            return grpc.StatusCode.UNAVAILABLE

        def details(self):
            return "away"

    def method(request, timeout):
        raise Away

    with pytest.raises(ServingError):
        CallPolicy(retries=8, backoff_seconds=0.1).call(method, None, "t")
    expected = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert pauses == pytest.approx(expected)


def test_a_server_that_comes_back_is_found_again(flaky):
    first, target = flaky(grpc.StatusCode.OK, 0)
    with Client(target, "m", retries=20, backoff_seconds=0.05) as client:
        assert client.predict("", {}) == {}
        first.server.stop(0).wait()
        restarted = []
        timer = threading.Timer(
            0.5, lambda: restarted.append(flaky(grpc.StatusCode.OK, 0, target))
        )
        timer.start()
        assert client.predict("", {}) == {}
        timer.join()
    assert restarted[0][0].calls == 1
