"""Values of a caller from and to the types of a signature."""

from typing import Any

import numpy as np

from serving import tensors
from serving.client.metadata import TensorSpec
from serving.errors import ServingError
from serving.protos import tensor_pb2


def to_proto(
    name: str, value: Any, spec: TensorSpec | None
) -> tensor_pb2.TensorProto:
    """Packs an input.

    Args:
        name: of the input, for the error.
        value: array, number, text, bytes, or nested lists of them.
        spec: what the signature takes; `None` if it has no such input, and
            then the server says so.

    Raises:
        ServingError: the value does not fit.
    """
    try:
        array = tensors.to_array(value)
        if spec is not None:
            array = _convert(array, spec)
        return tensors.encode(array)
    except ValueError as error:
        raise ServingError(f"input '{name}': {error}") from error


def from_proto(name: str, proto: tensor_pb2.TensorProto) -> np.ndarray:
    """Unpacks an output; strings come as an array of `bytes` objects.

    Raises:
        ServingError: its type has no counterpart in NumPy.
    """
    try:
        return tensors.decode(proto)
    except ValueError as error:
        raise ServingError(f"output '{name}': {error}") from error


def _convert(array: np.ndarray, spec: TensorSpec) -> np.ndarray:
    is_text = array.dtype.kind in "OSU"
    if spec.dtype == "string":
        if not is_text and array.size:
            raise ValueError(f"takes text or bytes, got {array.dtype}")
        return array.astype(object)
    if is_text:
        # NumPy has no type for Python's largest integers.
        if array.size and all(isinstance(item, int) for item in array.flat):
            raise ValueError(f"takes {spec}, got a number out of its range")
        raise ValueError(f"takes {spec}, got text")
    wanted = tensors.numpy_dtype(spec.enum)
    if array.dtype.kind in "iu" and wanted.kind in "iu":
        # Python's integers arrive as int64, whatever their size.
        converted = array.astype(wanted)
        if not np.array_equal(converted, array):
            raise ValueError(f"takes {spec}, got a number out of its range")
        return converted
    if array.size and not np.can_cast(array.dtype, wanted, "same_kind"):
        raise ValueError(f"takes {spec}, got {array.dtype}")
    return array.astype(wanted)
