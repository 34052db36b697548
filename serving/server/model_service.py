"""ModelService: GetModelStatus and HandleReloadConfigRequest."""

import logging

import grpc

from serving.protos import (
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
)
from serving.server import config, status
from serving.server.manager import ModelManager


class ModelService(model_service_pb2_grpc.ModelServiceServicer):
    """Tells how a manager's models are, and gives it new configurations."""

    def __init__(self, manager: ModelManager) -> None:
        self._manager = manager

    @status.answers
    def GetModelStatus(
        self,
        request: get_model_status_pb2.GetModelStatusRequest,
        context: grpc.ServicerContext,
    ) -> get_model_status_pb2.GetModelStatusResponse:
        """Returns the state of a model's versions, the highest one first."""
        if not request.HasField("model_spec"):
            raise status.invalid_argument("Missing ModelSpec")
        response = get_model_status_pb2.GetModelStatusResponse()
        for version in self._manager.states(request.model_spec):
            entry = response.model_version_status.add(
                version=version.number, state=int(version.state)
            )
            if version.error is not None:
                entry.status.error_code = version.error.code.value[0]
                entry.status.error_message = str(version.error)
        return response

    @status.answers
    def HandleReloadConfigRequest(
        self,
        request: model_management_pb2.ReloadConfigRequest,
        context: grpc.ServicerContext,
    ) -> model_management_pb2.ReloadConfigResponse:
        """Serves what a new configuration lists, and nothing else.

        It answers when the models that are new have been loaded.
        """
        models = config.settings(request.config)
        before = set(self._manager.readiness())
        logging.info("Reloading: %s.", ", ".join(m.name for m in models))
        self._manager.configure(models)
        self._manager.sync_until_settled(context.time_remaining())
        missing = [
            f"{{{name}: {self._manager.why_not_ready(name)}}}"
            for name, ready in self._manager.readiness().items()
            if not ready and name not in before
        ]
        if missing:
            raise status.StatusError(
                grpc.StatusCode.UNKNOWN,
                f"{len(missing)} model(s) did not become available: "
                f"{{{', '.join(missing)}}}",
            )
        return model_management_pb2.ReloadConfigResponse()
