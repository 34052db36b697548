"""TF Serving's messages and stubs, imported without the rest of TensorFlow.

The generated modules need `tensorflow.core.*_pb2`, and importing those runs
`tensorflow/__init__.py`: eleven seconds for a few message classes. While the
messages are imported, an empty package stands in for TensorFlow, so that a
client starts in under a second. A later `import tensorflow` works as usual.
"""

import contextlib
import importlib.machinery
import sys
import types
from collections.abc import Iterator


@contextlib.contextmanager
def _stand_in_for_tensorflow() -> Iterator[None]:
    spec = importlib.machinery.PathFinder.find_spec("tensorflow")
    if spec is None or "tensorflow" in sys.modules:
        yield
        return
    package = types.ModuleType("tensorflow")
    package.__path__ = list(spec.submodule_search_locations or [])
    sys.modules["tensorflow"] = package
    try:
        yield
    finally:
        # Another thread may have imported the real one over the stand-in.
        if sys.modules.get("tensorflow") is package:
            del sys.modules["tensorflow"]


with _stand_in_for_tensorflow():
    from tensorflow.core.framework import tensor_pb2, types_pb2
    from tensorflow.core.protobuf import meta_graph_pb2
    from tensorflow_serving.apis import (
        get_model_metadata_pb2,
        get_model_status_pb2,
        model_management_pb2,
        model_pb2,
        model_service_pb2_grpc,
        predict_pb2,
        prediction_service_pb2_grpc,
    )

__all__ = [
    "get_model_metadata_pb2",
    "get_model_status_pb2",
    "meta_graph_pb2",
    "model_management_pb2",
    "model_pb2",
    "model_service_pb2_grpc",
    "predict_pb2",
    "prediction_service_pb2_grpc",
    "tensor_pb2",
    "types_pb2",
]
