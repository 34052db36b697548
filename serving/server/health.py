"""The standard health service, grpc.health.v1.Health.

Its two messages have one field each, with the numbers and types of two of
protobuf's well-known wrappers, so these stand in for them: no package of
generated code, whose pin of protobuf would have to fit TensorFlow's.
"""

import threading
from collections.abc import Iterator

import grpc
from google.protobuf import wrappers_pb2

from serving.server.manager import ModelManager

SERVICE = "grpc.health.v1.Health"
SERVING = 1
NOT_SERVING = 2
SERVICE_UNKNOWN = 3

_SERVICES = (
    "",
    "tensorflow.serving.ModelService",
    "tensorflow.serving.PredictionService",
)


class Health(grpc.GenericRpcHandler):
    """Says whether the server, or one model by its name, can be called.

    Args:
        manager: holds the models.
        max_watchers: how many Watch calls are answered at the same time.
            Each takes one of the server's threads for as long as it lasts.
        poll_seconds: how often a Watch call looks for a change.
    """

    def __init__(
        self,
        manager: ModelManager,
        max_watchers: int,
        poll_seconds: float = 0.2,
    ) -> None:
        self._manager = manager
        self._watchers = threading.Semaphore(max_watchers)
        self._poll_seconds = poll_seconds
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Reports NOT_SERVING from now on, and ends all Watch calls."""
        self._stopping.set()

    def serving_status(self, service: str) -> int:
        """Returns the status of a gRPC service or a model; "" means all."""
        ready = self._manager.readiness()
        if service in _SERVICES:
            healthy = bool(ready) and all(ready.values())
        elif service in ready:
            healthy = ready[service]
        else:
            return SERVICE_UNKNOWN
        if self._stopping.is_set() or not healthy:
            return NOT_SERVING
        return SERVING

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler | None:
        """Returns the handler of a call, as gRPC asks for it."""
        messages = {
            "request_deserializer": wrappers_pb2.StringValue.FromString,
            "response_serializer": wrappers_pb2.Int32Value.SerializeToString,
        }
        if handler_call_details.method == f"/{SERVICE}/Check":
            return grpc.unary_unary_rpc_method_handler(self._check, **messages)
        if handler_call_details.method == f"/{SERVICE}/Watch":
            return grpc.unary_stream_rpc_method_handler(self._watch, **messages)
        return None

    def _check(
        self, request: wrappers_pb2.StringValue, context: grpc.ServicerContext
    ) -> wrappers_pb2.Int32Value:
        serving = self.serving_status(request.value)
        if serving == SERVICE_UNKNOWN:
            context.abort(
                grpc.StatusCode.NOT_FOUND, f"unknown service {request.value}"
            )
        return wrappers_pb2.Int32Value(value=serving)

    def _watch(
        self, request: wrappers_pb2.StringValue, context: grpc.ServicerContext
    ) -> Iterator[wrappers_pb2.Int32Value]:
        if not self._watchers.acquire(blocking=False):
            context.abort(
                grpc.StatusCode.RESOURCE_EXHAUSTED,
                "Too many Watch calls; use Check.",
            )
        try:
            last = None
            while context.is_active():
                stopping = self._stopping.is_set()
                serving = self.serving_status(request.value)
                if serving != last:
                    last = serving
                    yield wrappers_pb2.Int32Value(value=serving)
                if stopping:
                    return
                self._stopping.wait(self._poll_seconds)
        finally:
            self._watchers.release()
