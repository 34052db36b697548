"""Checks a request's inputs against the signature that they are for."""

from collections.abc import Iterable, Mapping

import numpy as np

from serving import tensors
from serving.protos import meta_graph_pb2, tensor_pb2
from serving.server import status


def decode_inputs(
    signature: meta_graph_pb2.SignatureDef,
    inputs: Mapping[str, tensor_pb2.TensorProto],
    max_bytes: int,
) -> dict[str, np.ndarray]:
    """Returns a request's inputs as arrays.

    Args:
        signature: names, types and shapes that the model takes.
        inputs: what the request holds.
        max_bytes: the most memory that one input may take.

    Raises:
        StatusError: INVALID_ARGUMENT that names the input at fault.
    """
    inputs = dict(inputs)
    defaults = getattr(signature, "defaults", {})
    for name in set(defaults) - set(inputs):
        inputs[name] = defaults[name]
    extra = sorted(set(inputs) - set(signature.inputs))
    missing = sorted(set(signature.inputs) - set(inputs))
    if extra or missing:
        raise status.invalid_argument(
            f"input size does not match signature: {len(inputs)}!="
            f"{len(signature.inputs)} len({{{','.join(sorted(inputs))}}}) != "
            f"len({{{','.join(sorted(signature.inputs))}}}). "
            f"Sent extra: {{{','.join(extra)}}}. "
            f"Missing but required: {{{','.join(missing)}}}."
        )
    return {
        name: _decode(name, inputs[name], signature.inputs[name], max_bytes)
        for name in inputs
    }


def choose_outputs(
    signature: meta_graph_pb2.SignatureDef, output_filter: Iterable[str]
) -> list[str]:
    """Returns the names of the outputs to answer with.

    Raises:
        StatusError: INVALID_ARGUMENT, the filter names an output twice or
            one that the signature lacks.
    """
    wanted = list(output_filter)
    for name in wanted:
        if name not in signature.outputs:
            raise status.invalid_argument(
                f"output tensor alias not found in signature: {name} Outputs "
                "expected to be in the set "
                f"{{{','.join(sorted(signature.outputs))}}}."
            )
        if wanted.count(name) > 1:
            raise status.invalid_argument(
                f"duplicate output tensor alias: {name}"
            )
    return wanted or sorted(signature.outputs)


def _decode(
    name: str,
    proto: tensor_pb2.TensorProto,
    info: meta_graph_pb2.TensorInfo,
    max_bytes: int,
) -> np.ndarray:
    if proto.dtype != info.dtype:
        raise status.invalid_argument(
            f"Input '{name}' is expected to be "
            f"{tensors.dtype_name(info.dtype)} but "
            f"{tensors.dtype_name(proto.dtype)} is provided."
        )
    shape = [dim.size for dim in proto.tensor_shape.dim]
    if not _shape_fits(shape, info):
        wanted = [
            dim.size if dim.size >= 0 else "?" for dim in info.tensor_shape.dim
        ]
        raise status.invalid_argument(
            f"Input '{name}' is expected to have shape "
            f"[{','.join(map(str, wanted))}] but has "
            f"[{','.join(map(str, shape))}]."
        )
    try:
        return tensors.decode(proto, max_bytes)
    except ValueError as error:
        raise status.invalid_argument(
            f"Input '{name}' cannot be read: {error}."
        ) from error


def _shape_fits(shape: list[int], info: meta_graph_pb2.TensorInfo) -> bool:
    if info.tensor_shape.unknown_rank:
        return True
    wanted = [dim.size for dim in info.tensor_shape.dim]
    return len(shape) == len(wanted) and all(
        want < 0 or size == want
        for size, want in zip(shape, wanted, strict=True)
    )
