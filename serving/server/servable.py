"""One loaded version of a model."""

import functools
import logging
import os
import pathlib
from typing import Any

from serving import tensors
from serving.errors import ServingError
from serving.protos import meta_graph_pb2, predict_pb2
from serving.server import status, validation, warmup

DEFAULT_SIGNATURE = "serving_default"


class Servable:
    """A SavedModel's signatures, ready to be called from any thread.

    Args:
        signature_defs: name -> what the signature takes and gives.
        model: what `tf.saved_model.load` returned. It is kept, since its
            functions alone do not keep its variables alive.
        max_input_bytes: the most memory that one input may take.
    """

    def __init__(
        self,
        signature_defs: dict[str, meta_graph_pb2.SignatureDef],
        model: Any,
        max_input_bytes: int,
    ) -> None:
        self.signature_defs = signature_defs
        self._model = model
        self._functions = model.signatures
        self._max_input_bytes = max_input_bytes

    def predict(
        self, request: predict_pb2.PredictRequest
    ) -> predict_pb2.PredictResponse:
        """Runs the signature that a request names.

        Args:
            request: its model spec's name and version are not looked at.

        Returns:
            The response, without name and version of the model.

        Raises:
            StatusError: INVALID_ARGUMENT for a bad request.
            tensorflow.errors.OpError: the model failed.
        """
        name = request.model_spec.signature_name or DEFAULT_SIGNATURE
        if name not in self._functions:
            raise status.invalid_argument(
                f'Serving signature key "{name}" not found. The model has '
                f"{{{','.join(sorted(self._functions))}}}."
            )
        signature = self.signature_defs[name]
        inputs = validation.decode_inputs(
            signature, request.inputs, self._max_input_bytes
        )
        wanted = validation.choose_outputs(signature, request.output_filter)
        outputs = self._run(name, inputs)
        response = predict_pb2.PredictResponse()
        response.model_spec.signature_name = name
        for output in wanted:
            response.outputs[output].CopyFrom(
                tensors.encode(outputs[output].numpy(), as_fields=True)
            )
        return response

    def _run(self, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        import tensorflow as tf

        infos = self.signature_defs[name].inputs
        function = self._functions[name]
        return function(
            **{
                key: tf.constant(array, dtype=infos[key].dtype)
                for key, array in inputs.items()
            }
        )


@functools.cache
def import_tensorflow() -> None:
    """Imports TensorFlow and registers the ops that TF Serving has built in.

    Raises:
        ServingError: TensorFlow cannot be imported.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import tensorflow  # noqa: F401
    except Exception as error:  # Not there, or broken in one of many ways.
        raise ServingError(
            f"TensorFlow cannot be imported: {_one_line(error)}"
        ) from error
    try:
        import tensorflow_text  # noqa: F401
    except Exception as error:  # Not there, or made for another release.
        logging.warning(
            "Models with ops of tensorflow_text cannot be loaded: %s",
            _one_line(error),
        )


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def load(version_path: pathlib.Path, max_input_bytes: int) -> Servable:
    """Loads a SavedModel and sends it its warm-up requests.

    Args:
        version_path: the version's folder.
        max_input_bytes: the most memory that one input may take.

    Raises:
        ServingError, StatusError, tensorflow.errors.OpError, OSError: it
            cannot be served.
    """
    import_tensorflow()
    import tensorflow as tf
    from tensorflow.core.protobuf import saved_model_pb2

    saved_model = saved_model_pb2.SavedModel()
    path = version_path / "saved_model.pb"
    if not path.is_file():
        raise status.not_found(
            f"{version_path} holds no saved_model.pb; it may not be complete."
        )
    try:
        saved_model.ParseFromString(path.read_bytes())
    except Exception as error:  # DecodeError's home depends on the version.
        raise status.invalid_argument(
            f"{path} cannot be parsed; it may not be complete."
        ) from error
    tag = tf.saved_model.SERVING
    graphs = [
        graph
        for graph in saved_model.meta_graphs
        if list(graph.meta_info_def.tags) == [tag]
    ]
    if not graphs:
        raise status.not_found(f"{path} has no graph with the tag '{tag}'.")
    loaded = tf.saved_model.load(str(version_path), tags=[tag])
    servable = Servable(dict(graphs[0].signature_def), loaded, max_input_bytes)
    warmup.run(version_path, servable.predict)
    return servable
