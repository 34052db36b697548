"""What a model's signatures take and give."""

import dataclasses

from serving import tensors
from serving.protos import get_model_metadata_pb2, meta_graph_pb2


@dataclasses.dataclass(frozen=True)
class TensorSpec:
    """Type and shape of an input or output.

    Attributes:
        dtype: name of the type: `"string"`, `"float32"`, `"int64"` ...
        shape: sizes, -1 where any will do; `None` if the rank is not known.
        enum: the type as TensorFlow numbers it.
    """

    dtype: str
    shape: tuple[int, ...] | None
    enum: int

    def __str__(self) -> str:
        if self.shape is None:
            return self.dtype
        sizes = ("?" if size < 0 else str(size) for size in self.shape)
        return f"{self.dtype}[{','.join(sizes)}]"


@dataclasses.dataclass(frozen=True)
class Signature:
    """Inputs and outputs of a signature, by name."""

    inputs: dict[str, TensorSpec]
    outputs: dict[str, TensorSpec]


@dataclasses.dataclass(frozen=True)
class Metadata:
    """A model's signatures.

    Attributes:
        name: the model.
        version: the version that answered.
        signatures: by name; TensorFlow's own ones are left out.
    """

    name: str
    version: int
    signatures: dict[str, Signature]


def parse(
    response: get_model_metadata_pb2.GetModelMetadataResponse,
) -> Metadata:
    """Reads a server's answer."""
    signatures = get_model_metadata_pb2.SignatureDefMap()
    response.metadata["signature_def"].Unpack(signatures)
    return Metadata(
        name=response.model_spec.name,
        version=response.model_spec.version.value,
        signatures={
            name: Signature(
                {key: _spec(info) for key, info in definition.inputs.items()},
                {key: _spec(info) for key, info in definition.outputs.items()},
            )
            for name, definition in sorted(signatures.signature_def.items())
            if not name.startswith("__saved_model_")
        },
    )


def _spec(info: meta_graph_pb2.TensorInfo) -> TensorSpec:
    shape = None
    if not info.tensor_shape.unknown_rank:
        shape = tuple(dim.size for dim in info.tensor_shape.dim)
    return TensorSpec(tensors.dtype_name(info.dtype), shape, info.dtype)
