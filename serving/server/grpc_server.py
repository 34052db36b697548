"""The gRPC server: its services, its port and its limits."""

import dataclasses
from concurrent import futures

import grpc

from serving.errors import ServingError
from serving.protos import model_service_pb2_grpc, prediction_service_pb2_grpc
from serving.server.health import Health
from serving.server.manager import ModelManager
from serving.server.model_service import ModelService
from serving.server.prediction_service import PredictionService

_MAX_WATCHERS = 4


@dataclasses.dataclass
class RunningServer:
    """A server that answers.

    Attributes:
        port: where it listens.
    """

    port: int
    _server: grpc.Server
    _health: Health

    def stop(self, grace_seconds: float) -> None:
        """Takes no new requests, and lets those in flight end.

        Args:
            grace_seconds: after these, calls in flight are cancelled.
        """
        self._health.stop()
        self._server.stop(grace_seconds).wait()


def start(
    manager: ModelManager,
    host: str = "127.0.0.1",
    port: int = 0,
    threads: int = 16,
    max_request_bytes: int = 64 * 2**20,
) -> RunningServer:
    """Starts to answer.

    Args:
        manager: holds the models.
        host: address to listen on.
        port: 0 picks a free one.
        threads: requests handled at the same time; more wait their turn.
            Health watchers get half of them at most.
        max_request_bytes: larger requests are answered RESOURCE_EXHAUSTED.

    Raises:
        ServingError: the host or the port cannot be had.
    """
    server = grpc.server(
        futures.ThreadPoolExecutor(threads, thread_name_prefix="request"),
        options=[
            ("grpc.max_receive_message_length", max_request_bytes),
            ("grpc.max_send_message_length", -1),
            # Or a second server on the port would take half of the calls.
            ("grpc.so_reuseport", 0),
        ],
    )
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        PredictionService(manager), server
    )
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(
        ModelService(manager), server
    )
    health = Health(manager, max_watchers=min(_MAX_WATCHERS, threads // 2))
    server.add_generic_rpc_handlers((health,))
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError:
        bound = 0
    if bound == 0:
        raise ServingError(
            f"cannot listen on {host}:{port}; the port is taken (--port=0 "
            "picks a free one), or the host is no address of this machine"
        )
    server.start()
    return RunningServer(bound, server, health)
