"""TensorProto from and to NumPy arrays, without TensorFlow."""

import math
from typing import Any

import numpy as np

from serving.protos import tensor_pb2, types_pb2

_FIELDS = {
    types_pb2.DT_BOOL: (np.bool_, "bool_val"),
    types_pb2.DT_COMPLEX64: (np.complex64, "scomplex_val"),
    types_pb2.DT_COMPLEX128: (np.complex128, "dcomplex_val"),
    types_pb2.DT_DOUBLE: (np.float64, "double_val"),
    types_pb2.DT_FLOAT: (np.float32, "float_val"),
    types_pb2.DT_HALF: (np.float16, "half_val"),
    types_pb2.DT_INT8: (np.int8, "int_val"),
    types_pb2.DT_INT16: (np.int16, "int_val"),
    types_pb2.DT_INT32: (np.int32, "int_val"),
    types_pb2.DT_INT64: (np.int64, "int64_val"),
    types_pb2.DT_UINT8: (np.uint8, "int_val"),
    types_pb2.DT_UINT16: (np.uint16, "int_val"),
    types_pb2.DT_UINT32: (np.uint32, "uint32_val"),
    types_pb2.DT_UINT64: (np.uint64, "uint64_val"),
}
# What TensorFlow takes for a string besides its bytes.
_STRING_OVERHEAD = 24
_DTYPES = {np.dtype(dtype): enum for enum, (dtype, _) in _FIELDS.items()}


def dtype_name(enum: int) -> str:
    """Returns the name as Python knows it: `"float32"`, `"string"` ..."""
    if enum in _FIELDS:
        return np.dtype(_FIELDS[enum][0]).name
    try:
        return types_pb2.DataType.Name(enum).removeprefix("DT_").lower()
    except ValueError:
        return f"type {enum}"


def numpy_dtype(enum: int) -> np.dtype:
    """Returns the NumPy type of a `DataType`; strings are objects.

    Raises:
        ValueError: the type has no counterpart here.
    """
    if enum == types_pb2.DT_STRING:
        return np.dtype(object)
    if enum not in _FIELDS:
        raise ValueError(f"type {dtype_name(enum)} is not supported")
    return np.dtype(_FIELDS[enum][0])


def to_array(value: Any) -> np.ndarray:
    """Returns a value as an array; text and bytes as an array of objects.

    NumPy's own byte strings drop trailing zero bytes, which would spoil
    encoded pictures.

    Raises:
        ValueError: nested lists whose lengths differ.
    """
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, np.generic) and value.dtype.kind not in "SU":
        return np.asarray(value)
    leaf = value
    while isinstance(leaf, (list, tuple)) and leaf:
        leaf = leaf[0]
    if not isinstance(leaf, (str, bytes)):
        return np.asarray(value)
    array = np.array(value, dtype=object)
    if any(isinstance(item, (list, tuple)) for item in array.flat):
        raise ValueError("its lists have different lengths")
    return array


def encode(value: Any, as_fields: bool = False) -> tensor_pb2.TensorProto:
    """Packs a value.

    Args:
        value: array, number, text, bytes, or nested lists of them.
        as_fields: numbers go into the repeated field of their type, which is
            how TF Serving answers, and not into `tensor_content`.

    Raises:
        ValueError: the type cannot be sent, or lists are ragged.
    """
    array = to_array(value)
    proto = tensor_pb2.TensorProto()
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    if array.dtype.kind in "OSU":
        proto.dtype = types_pb2.DT_STRING
        proto.string_val.extend(_to_bytes(item) for item in array.flat)
        return proto
    if array.dtype not in _DTYPES:
        raise ValueError(f"arrays of {array.dtype} cannot be sent")
    proto.dtype = _DTYPES[array.dtype]
    if as_fields:
        field = getattr(proto, _FIELDS[proto.dtype][1])
        field.extend(_to_field(array).tolist())
    else:
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        proto.tensor_content = little.tobytes()
    return proto


def decode(
    proto: tensor_pb2.TensorProto, max_bytes: int | None = None
) -> np.ndarray:
    """Unpacks a tensor; strings come as an array of `bytes` objects.

    Args:
        proto: as TensorFlow packs it; a repeated field shorter than the
            shape asks for is filled up with its last value.
        max_bytes: refuse a tensor that would take more memory than this,
            which a few bytes of a message can ask for.

    Raises:
        ValueError: the message contradicts itself or is too large.
    """
    dtype = numpy_dtype(proto.dtype)
    shape = [dim.size for dim in proto.tensor_shape.dim]
    if proto.tensor_shape.unknown_rank or any(size < 0 for size in shape):
        raise ValueError("its shape is not fully known")
    count = math.prod(shape)
    taken = _memory(proto, dtype, count)
    if max_bytes is not None and taken > max_bytes:
        raise ValueError(
            f"its shape {shape} takes {taken} bytes, and {max_bytes} are "
            "allowed"
        )
    if dtype.hasobject:
        values = np.empty(max(len(proto.string_val), 1), dtype=object)
        values[:] = list(proto.string_val) or [b""]
        return _fill(values, count, shape)
    if proto.tensor_content:
        if len(proto.tensor_content) != taken:
            raise ValueError(
                f"its content has {len(proto.tensor_content)} bytes where "
                f"shape {shape} takes {taken}"
            )
        little = np.frombuffer(proto.tensor_content, dtype.newbyteorder("<"))
        return little.astype(dtype).reshape(shape)
    field = getattr(proto, _FIELDS[proto.dtype][1])
    return _fill(_from_field(list(field) or [0], dtype), count, shape)


def _memory(proto: tensor_pb2.TensorProto, dtype: np.dtype, count: int) -> int:
    """Returns the bytes that a tensor of `count` values takes."""
    if not dtype.hasobject:
        return count * dtype.itemsize
    sizes = [len(value) for value in proto.string_val] or [0]
    copies_of_last = max(count - len(sizes), 0)
    return count * _STRING_OVERHEAD + sum(sizes) + copies_of_last * sizes[-1]


def _fill(values: np.ndarray, count: int, shape: list[int]) -> np.ndarray:
    if len(values) > max(count, 1):
        raise ValueError(
            f"it has {len(values)} values where shape {shape} takes {count}"
        )
    filled = np.empty(count, dtype=values.dtype)
    filled[: len(values)] = values[:count]
    filled[len(values) :] = values[-1]
    return filled.reshape(shape)


def _to_bytes(item: Any) -> bytes:
    if isinstance(item, str):
        return item.encode()
    if isinstance(item, bytes):
        return item
    raise ValueError(f"a {type(item).__name__} stands among its strings")


def _to_field(array: np.ndarray) -> np.ndarray:
    flat = np.ascontiguousarray(array).ravel()
    if flat.dtype == np.float16:
        return flat.view(np.uint16)
    if flat.dtype.kind == "c":
        return flat.view(flat.real.dtype)
    return flat


def _from_field(values: list, dtype: np.dtype) -> np.ndarray:
    try:
        if dtype == np.float16:
            return np.array(values, np.uint16).view(np.float16)
        if dtype.kind == "c":
            pairs = values if len(values) > 1 else [0.0, 0.0]
            return np.array(pairs, dtype.type(0).real.dtype).view(dtype)
        if dtype.kind in "iu":
            wide = np.uint64 if dtype == np.uint64 else np.int64
            return np.array(values, wide).astype(dtype)
        return np.array(values, dtype)
    except (OverflowError, ValueError) as error:
        raise ValueError("its values do not fit their type") from error
