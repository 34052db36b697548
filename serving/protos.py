"""TF Serving's messages and stubs, imported without the rest of TensorFlow.

The generated modules need `tensorflow.core.*_pb2`, and importing those runs
`tensorflow/__init__.py`: eleven seconds for a few message classes. While the
messages are imported, an empty package stands in for TensorFlow, so that a
client starts in under a second. A later `import tensorflow` works as usual.
"""

import importlib
import importlib.machinery
import sys
import types

_MODULES = (
    "tensorflow.core.framework.tensor_pb2",
    "tensorflow.core.framework.types_pb2",
    "tensorflow.core.protobuf.meta_graph_pb2",
    "tensorflow_serving.apis.model_service_pb2_grpc",
    "tensorflow_serving.apis.prediction_service_pb2_grpc",
)


def _load_without_tensorflow() -> None:
    # Python's own finder, since others may act on the name.
    spec = importlib.machinery.PathFinder.find_spec("tensorflow")
    if spec is None or "tensorflow" in sys.modules:
        return
    package = types.ModuleType("tensorflow")
    package.__path__ = list(spec.submodule_search_locations or [])
    sys.modules["tensorflow"] = package
    try:
        for name in _MODULES:
            importlib.import_module(name)
    except ImportError:
        # Messages that need more of TensorFlow: the slow way, below.
        for name in list(sys.modules):
            if name.startswith(("tensorflow.", "tensorflow_serving.")):
                del sys.modules[name]
    finally:
        del sys.modules["tensorflow"]


_load_without_tensorflow()

# What is loaded already is not looked for, so nothing else gets loaded.
from tensorflow.core.framework import tensor_pb2, types_pb2  # noqa: E402
from tensorflow.core.protobuf import meta_graph_pb2  # noqa: E402
from tensorflow_serving.apis import (  # noqa: E402
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
