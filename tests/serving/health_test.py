"""The standard health service, as any health client calls it."""

import grpc
import pytest


def _varint_message(value):
    return bytes([8, value])


def _calls(channel):
    # The wire format is written out: field 1, length-delimited.
    def request(service):
        name = service.encode()
        return bytes([10, len(name)]) + name if name else b""

    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
    return (
        lambda service: check(request(service), timeout=60),
        lambda service: watch(request(service), timeout=240),
    )


SERVING = _varint_message(1)
NOT_SERVING = _varint_message(2)
SERVICE_UNKNOWN = _varint_message(3)


@pytest.mark.parametrize(
    "service", ["", "numbers", "tensorflow.serving.PredictionService"]
)
def test_a_server_with_its_models_is_serving(shared, service):
    with grpc.insecure_channel(shared.target) as channel:
        check, watch = _calls(channel)
        assert check(service) == SERVING
        stream = watch(service)
        assert next(stream) == SERVING
        stream.cancel()


def test_unknown_services(shared):
    with grpc.insecure_channel(shared.target) as channel:
        check, watch = _calls(channel)
        with pytest.raises(grpc.RpcError) as raised:
            check("other")
        assert raised.value.code() is grpc.StatusCode.NOT_FOUND
        assert next(watch("other")) == SERVICE_UNKNOWN


def test_not_serving_until_the_model_is_there(serve, add_version):
    served = serve()
    with grpc.insecure_channel(served.target) as channel:
        check, watch = _calls(channel)
        assert check("") == NOT_SERVING
        stream = watch("numbers")
        assert next(stream) == NOT_SERVING
        add_version(1)
        assert next(stream) == SERVING
        assert check("") == SERVING


@pytest.mark.parametrize(
    ("threads", "watchers"), [(1, 0), (2, 1), (5, 2), (16, 4)]
)
def test_watchers_leave_threads_to_requests(
    serve, add_version, threads, watchers
):
    add_version(1)
    served = serve(threads=threads)
    with grpc.insecure_channel(served.target) as channel:
        check, watch = _calls(channel)
        streams = [watch("") for _ in range(watchers)]
        assert [next(stream) for stream in streams] == watchers * [SERVING]
        with pytest.raises(grpc.RpcError) as raised:
            next(watch(""))
        assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert check("") == SERVING
        with served.client(timeout_seconds=60) as client:
            assert client.predict("", {"x": [0.0]})["y"].tolist() == [1.0]


def test_a_watcher_that_leaves_makes_room(serve, add_version, eventually):
    add_version(1)
    served = serve(threads=2)
    with grpc.insecure_channel(served.target) as channel:
        _, watch = _calls(channel)
        first = watch("")
        assert next(first) == SERVING
        first.cancel()

        def admitted():
            try:
                return next(watch("")) == SERVING
            except grpc.RpcError:
                return False

        eventually(admitted)


def test_watchers_learn_of_the_end(served):
    with grpc.insecure_channel(served.target) as channel:
        _, watch = _calls(channel)
        stream = watch("")
        assert next(stream) == SERVING
        served.stop(grace_seconds=5)
        assert list(stream) == [NOT_SERVING]
