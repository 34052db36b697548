"""Client of TF Serving's gRPC API, for either server."""

from serving.client.client import Client
from serving.client.metadata import Metadata, Signature, TensorSpec
from serving.client.model_status import VersionStatus
from serving.errors import ServingError

__all__ = [
    "Client",
    "Metadata",
    "ServingError",
    "Signature",
    "TensorSpec",
    "VersionStatus",
]
