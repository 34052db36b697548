"""PredictionService: Predict and GetModelMetadata."""

import grpc

from serving.protos import (
    get_model_metadata_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
)
from serving.server import status
from serving.server.manager import ModelManager

_SIGNATURE_DEF = "signature_def"


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Answers requests with the models that a manager holds."""

    def __init__(self, manager: ModelManager) -> None:
        self._manager = manager

    @status.answers
    def Predict(
        self, request: predict_pb2.PredictRequest, context: grpc.ServicerContext
    ) -> predict_pb2.PredictResponse:
        """Runs a signature of a model."""
        if not context.is_active():
            raise status.StatusError(
                grpc.StatusCode.DEADLINE_EXCEEDED,
                "The deadline passed before the request's turn came.",
            )
        with self._manager.use(request.model_spec) as (number, servable):
            response = servable.predict(request)
        response.model_spec.name = request.model_spec.name
        response.model_spec.version.value = number
        return response

    @status.answers
    def GetModelMetadata(
        self,
        request: get_model_metadata_pb2.GetModelMetadataRequest,
        context: grpc.ServicerContext,
    ) -> get_model_metadata_pb2.GetModelMetadataResponse:
        """Returns the signatures of a model."""
        if not request.HasField("model_spec"):
            raise status.invalid_argument("Missing ModelSpec")
        if not request.metadata_field:
            raise status.invalid_argument(
                "GetModelMetadataRequest must specify at least one "
                "metadata_field"
            )
        for field in request.metadata_field:
            if field != _SIGNATURE_DEF:
                raise status.invalid_argument(
                    f"Metadata field {field} is not supported"
                )
        signatures = get_model_metadata_pb2.SignatureDefMap()
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        with self._manager.use(request.model_spec) as (number, servable):
            for name, definition in servable.signature_defs.items():
                signatures.signature_def[name].CopyFrom(definition)
        response.model_spec.name = request.model_spec.name
        response.model_spec.version.value = number
        response.metadata[_SIGNATURE_DEF].Pack(signatures)
        return response

    def Classify(self, request, context):
        """Is not implemented."""
        _abort_unimplemented(context, "Classify")

    def Regress(self, request, context):
        """Is not implemented."""
        _abort_unimplemented(context, "Regress")

    def MultiInference(self, request, context):
        """Is not implemented."""
        _abort_unimplemented(context, "MultiInference")


def _abort_unimplemented(context: grpc.ServicerContext, method: str) -> None:
    context.abort(
        grpc.StatusCode.UNIMPLEMENTED,
        f"{method} is not implemented by the development server; use Predict "
        "with a signature that takes serialised examples.",
    )
