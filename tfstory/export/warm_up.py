"""Requests that TF Serving runs before it makes a version available."""

import os
from collections.abc import Mapping

import numpy as np
import tensorflow as tf


def write(
    export_dir: str,
    model_name: str,
    requests: Mapping[str, Mapping[str, np.ndarray]],
) -> None:
    """Writes `assets.extra/tf_serving_warmup_requests`.

    Args:
      export_dir: str, the SavedModel's directory.
      model_name: str.
      requests: signature name to input name to array.
    """
    from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

    directory = os.path.join(export_dir, "assets.extra")
    tf.io.gfile.makedirs(directory)
    path = os.path.join(directory, "tf_serving_warmup_requests")
    with tf.io.TFRecordWriter(path) as writer:
        for signature, inputs in requests.items():
            request = predict_pb2.PredictRequest()
            request.model_spec.name = model_name
            request.model_spec.signature_name = signature
            for name, value in inputs.items():
                request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
            log = prediction_log_pb2.PredictionLog(
                predict_log=prediction_log_pb2.PredictLog(request=request)
            )
            writer.write(log.SerializeToString())
