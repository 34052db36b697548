"""Warm-up: requests stored with a model, run before it is made available."""

import logging
import pathlib
from collections.abc import Callable
from typing import Any

from serving.server import status

REQUESTS = pathlib.Path("assets.extra", "tf_serving_warmup_requests")
MAX_RECORDS = 1000


def run(version_path: pathlib.Path, predict: Callable[[Any], Any]) -> int:
    """Runs the warm-up requests of a version, if it has any.

    Args:
        version_path: the version's folder.
        predict: takes a PredictRequest.

    Returns:
        How many requests were run.

    Raises:
        StatusError: the file or a record of it cannot be used.
        tensorflow.errors.OpError: the file is no TFRecord, or a request
            failed. Either keeps the version from being served.
    """
    import tensorflow as tf
    from tensorflow_serving.apis import prediction_log_pb2

    path = version_path / REQUESTS
    if not path.is_file():
        return 0
    count = 0
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog()
        try:
            log.ParseFromString(record)
        except Exception as error:  # DecodeError's home differs by version.
            raise status.invalid_argument(
                f"Failed to parse a warm-up record from {path}."
            ) from error
        if count == MAX_RECORDS:
            raise status.invalid_argument(
                f"Number of warm-up records exceeds the maximum "
                f"({MAX_RECORDS}) at {path}."
            )
        if log.WhichOneof("log_type") == "predict_log":
            predict(log.predict_log.request)
        else:
            logging.warning("%s: only predict_log records are run.", path)
        count += 1
    logging.info("Ran %d warm-up requests from %s.", count, path)
    return count
