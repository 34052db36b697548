"""The client of one model on one server."""

import time
from typing import Any

import grpc
import numpy as np

from serving.client import conversion, metadata, model_status
from serving.client.calls import CallPolicy
from serving.client.metadata import Metadata, Signature
from serving.client.model_status import VersionStatus
from serving.errors import ServingError
from serving.protos import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

DEFAULT_SIGNATURE = "serving_default"


class Client:
    """Calls one model, on TF Serving or on the development server.

    It can be used from several threads, and as a context manager:

        with Client("localhost:8500", "story_reasoning") as client:
            client.wait_until_ready()
            latent = client.predict("encode", {"images": [png]})["latent"]

    Args:
        target: `host:port`, or another name that gRPC knows, such as
            `dns:///host:port` or `unix:path`.
        model: the model's name.
        version: call this version, and not the latest.
        version_label: call the version with this label.
        timeout_seconds: deadline of each try.
        retries: further tries, where there is no server or it is stopping.
        backoff_seconds: pause before the first retry; it doubles.
        retry_deadline_exceeded: try again after a deadline too.
        max_message_bytes: largest message either way; -1 is any size.

    Raises:
        ServingError: the target names no port, both a version and a label
            are given, the version is no version number, or a time or a count
            is out of its range.
    """

    def __init__(
        self,
        target: str,
        model: str,
        version: int | None = None,
        version_label: str | None = None,
        timeout_seconds: float = 10.0,
        retries: int = 3,
        backoff_seconds: float = 0.1,
        retry_deadline_exceeded: bool = False,
        max_message_bytes: int = -1,
    ) -> None:
        _check_target(target)
        if version is not None and version_label is not None:
            raise ServingError("give a version or a label, not both")
        if version is not None and not -(2**63) <= version < 2**63:
            raise ServingError(f"{version} is no version number")
        self._target = target
        self._spec = model_pb2.ModelSpec(name=model)
        if version is not None:
            self._spec.version.value = version
        if version_label is not None:
            self._spec.version_label = version_label
        self._policy = CallPolicy(
            timeout_seconds, retries, backoff_seconds, retry_deadline_exceeded
        )
        self._channel = grpc.insecure_channel(
            target,
            options=[
                ("grpc.max_receive_message_length", max_message_bytes),
                ("grpc.max_send_message_length", max_message_bytes),
                # Where the name stands for several servers, use them all.
                ("grpc.lb_policy_name", "round_robin"),
                # Or a retry would fail at once, for a second and more,
                # because the channel does not yet try to connect again.
                ("grpc.initial_reconnect_backoff_ms", 100),
                ("grpc.min_reconnect_backoff_ms", 100),
                ("grpc.max_reconnect_backoff_ms", 2000),
            ],
        )
        self._predictions = prediction_service_pb2_grpc.PredictionServiceStub(
            self._channel
        )
        self._models = model_service_pb2_grpc.ModelServiceStub(self._channel)
        self._metadata: Metadata | None = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._channel.close()

    def predict(
        self,
        signature: str,
        inputs: dict[str, Any],
        output_filter: list[str] | None = None,
    ) -> dict[str, np.ndarray]:
        """Runs a signature.

        Args:
            signature: its name; "" is `serving_default`.
            inputs: by name: arrays, numbers, text, bytes, or nested lists of
                them. They take on the signature's types where nothing is
                lost: Python's floats become float32, text becomes UTF-8.
            output_filter: return these outputs only.

        Returns:
            The outputs by name; strings as arrays of `bytes` objects.

        Raises:
            ServingError: an input does not fit, the server's status, or an
                output of a type that NumPy lacks.
        """
        signature = signature or DEFAULT_SIGNATURE
        known = self._signatures().get(signature)
        specs = known.inputs if known else {}
        request = predict_pb2.PredictRequest(
            model_spec=self._spec, output_filter=output_filter or []
        )
        request.model_spec.signature_name = signature
        for name, value in inputs.items():
            request.inputs[name].CopyFrom(
                conversion.to_proto(name, value, specs.get(name))
            )
        try:
            response = self._call(self._predictions.Predict, request)
        except ServingError as error:
            if error.code in ("INVALID_ARGUMENT", "FAILED_PRECONDITION"):
                # The next version may take other inputs.
                self._metadata = None
            raise
        metadata_used = self._metadata
        answered = response.model_spec.version.value
        if metadata_used is not None and metadata_used.version != answered:
            self._metadata = None
        return {
            name: conversion.from_proto(name, proto)
            for name, proto in response.outputs.items()
        }

    def metadata(self) -> Metadata:
        """Returns the model's signatures.

        Raises:
            ServingError: the server's status.
        """
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=self._spec, metadata_field=["signature_def"]
        )
        found = metadata.parse(
            self._call(self._predictions.GetModelMetadata, request)
        )
        self._metadata = found
        return found

    def status(self) -> list[VersionStatus]:
        """Returns the state of the model's versions, the highest one first.

        Raises:
            ServingError: the server's status.
        """
        return self._status(self._policy)

    def _status(self, policy: CallPolicy) -> list[VersionStatus]:
        request = get_model_status_pb2.GetModelStatusRequest(
            model_spec=self._spec
        )
        return model_status.parse(
            policy.call(self._models.GetModelStatus, request, self._target)
        )

    def wait_until_ready(
        self, timeout_seconds: float = 60.0, poll_seconds: float = 0.2
    ) -> None:
        """Waits until the model can be called.

        Args:
            timeout_seconds: how long at most.
            poll_seconds: pause between two looks.

        Raises:
            ServingError: it cannot be called in time; says why.
        """
        if not 0 <= timeout_seconds < float("inf") or not poll_seconds > 0:
            raise ServingError(
                f"cannot wait {timeout_seconds:g} s; give a number from 0 on, "
                "and a pause above 0"
            )
        end = time.monotonic() + timeout_seconds
        while True:
            left = max(end - time.monotonic(), poll_seconds)
            once = CallPolicy(min(left, self._policy.timeout_seconds), 0)
            try:
                versions = self._status(once)
                if any(version.available for version in versions):
                    return
                reason = "; ".join(
                    f"version {v.version} is {v.state} {v.error}".rstrip()
                    for v in versions
                )
                code = None
            except ServingError as error:
                reason, code = str(error), error.code
            if time.monotonic() + poll_seconds > end:
                raise ServingError(
                    f"{self._spec.name} is not ready after "
                    f"{timeout_seconds:g} s: {reason}",
                    code,
                )
            time.sleep(poll_seconds)

    def _signatures(self) -> dict[str, Signature]:
        known = self._metadata
        return (known or self.metadata()).signatures

    def _call(self, method: Any, request: Any) -> Any:
        return self._policy.call(method, request, self._target)


def _check_target(target: str) -> None:
    # Without a port gRPC would call 443, and cut one that is too large.
    if ":///" in target or target.startswith("unix:"):
        return
    host, _, port = target.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ServingError(
            f"{target!r} is not host:port, such as localhost:8500"
        )
