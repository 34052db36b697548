"""The weights of an LSTM oracle: drawn, or of a file."""

import dataclasses
import io
import os
import pathlib
import zipfile
from typing import BinaryIO

import numpy as np
import tensorflow as tf

from tfstory import plain_pickles

# Input, forget and output gate, and candidate, as published files name them.
GATES = ("i", "f", "og", "c")
# The arrays' order in a published pickle.
_ORDER = (
    "emb",
    *(letter + gate for gate in GATES for letter in "WUb"),
    "Wo_out",
    "bo_out",
)


@dataclasses.dataclass(frozen=True)
class OracleParameters:
    """Weights of the LSTM, float32; gates side by side in `GATES`' order.

    Attributes:
      embeddings: `[vocabulary, inputs]`.
      kernel: `[inputs, 4 * units]`.
      recurrent_kernel: `[units, 4 * units]`.
      bias: `[4 * units]`.
      output_kernel: `[units, vocabulary]`.
      output_bias: `[vocabulary]`.
    """

    embeddings: np.ndarray
    kernel: np.ndarray
    recurrent_kernel: np.ndarray
    bias: np.ndarray
    output_kernel: np.ndarray
    output_bias: np.ndarray

    @property
    def vocabulary_size(self) -> int:
        """Number of tokens."""
        return len(self.output_bias)

    @property
    def units(self) -> int:
        """Width of the LSTM's state."""
        return len(self.recurrent_kernel)


def draw_parameters(
    seed: int, vocabulary_size: int, units: int = 32
) -> OracleParameters:
    """Draws all weights from N(0, 1).

    Args:
      seed: int, decides the weights, on every machine.
      vocabulary_size: int, number of tokens.
      units: int, width of the embeddings and of the state; 32 in the paper.
    """
    shapes = {
        "embeddings": (vocabulary_size, units),
        "kernel": (units, len(GATES) * units),
        "recurrent_kernel": (units, len(GATES) * units),
        "bias": (len(GATES) * units,),
        "output_kernel": (units, vocabulary_size),
        "output_bias": (vocabulary_size,),
    }
    # Numbers, where a graph that measures by them is being made, too.
    with tf.init_scope():
        return OracleParameters(
            **{
                name: tf.random.stateless_normal(
                    shape, seed=(seed, index), alg="philox"
                ).numpy()
                for index, (name, shape) in enumerate(shapes.items())
            }
        )


def save(
    file: str | os.PathLike | BinaryIO, parameters: OracleParameters
) -> None:
    """Writes an `.npz` file of the published form, see `load`."""
    arrays = {"emb": parameters.embeddings}
    for letter, stacked in (
        ("W", parameters.kernel),
        ("U", parameters.recurrent_kernel),
        ("b", parameters.bias),
    ):
        parts = np.split(stacked, len(GATES), axis=-1)
        for gate, part in zip(GATES, parts, strict=True):
            arrays[letter + gate] = part
    arrays["Wo_out"] = parameters.output_kernel
    arrays["bo_out"] = parameters.output_bias
    np.savez(file, **arrays)


def load(file: str | os.PathLike | BinaryIO) -> OracleParameters:
    """Reads the weights from an `.npz` file, or from a pickle as published.

    The file has `emb` [V, E], for each gate g of i, f, og and c `Wg` [E, H],
    `Ug` [H, H] and `bg` [H], and for the output `Wo_out` [H, V] and
    `bo_out` [V].

    A pickle, such as the `target_params` beside SeqGAN's published code, is a
    list of these arrays: `emb`, `Wg`, `Ug`, `bg` of each gate, the output's.

    Raises:
      ValueError: it cannot be read, has another form, or numbers that are not
        finite.
    """
    try:
        if isinstance(file, str | os.PathLike):
            data = pathlib.Path(file).read_bytes()
        else:
            data = file.read()
        found = {k: np.float32(v) for k, v in _arrays(data).items()}
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror})") from None
    except (EOFError, ValueError, AttributeError, TypeError,
            zipfile.BadZipFile) as error:  # fmt: skip
        raise ValueError(
            f"it is no .npz file or pickle of numbers ({error})"
        ) from None
    shapes = _shapes(found)
    for name, shape in shapes.items():
        if name not in found:
            raise ValueError(f"it lacks the array {name}")
        if found[name].shape != shape:
            raise ValueError(
                f"its array {name} is {list(found[name].shape)}, not "
                f"{list(shape)}"
            )
        if not np.isfinite(found[name]).all():
            raise ValueError(f"its array {name} is not finite")

    def stacked(letter):
        return np.concatenate([found[letter + g] for g in GATES], axis=-1)

    return OracleParameters(
        embeddings=found["emb"],
        kernel=stacked("W"),
        recurrent_kernel=stacked("U"),
        bias=stacked("b"),
        output_kernel=found["Wo_out"],
        output_bias=found["bo_out"],
    )


def _arrays(data: bytes) -> dict[str, np.ndarray]:
    file = io.BytesIO(data)
    if zipfile.is_zipfile(file):
        file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    file.seek(0)
    arrays = plain_pickles.load(file)
    if not isinstance(arrays, list | tuple) or len(arrays) != len(_ORDER):
        raise ValueError(f"it holds no list of {len(_ORDER)} arrays")
    return dict(zip(_ORDER, arrays, strict=True))


def _shapes(found: dict[str, np.ndarray]) -> dict[str, tuple[int, ...]]:
    """Returns the shape that each array should have; two arrays tell."""
    for name in ("emb", "Wo_out"):
        if name in found and found[name].ndim != 2:
            raise ValueError(f"its array {name} is no matrix")
    size, inputs = found["emb"].shape if "emb" in found else (0, 0)
    units = len(found["Wo_out"]) if "Wo_out" in found else 0
    shapes = {"emb": (size, inputs), "Wo_out": (units, size)}
    for gate in GATES:
        shapes[f"W{gate}"] = (inputs, units)
        shapes[f"U{gate}"] = (units, units)
        shapes[f"b{gate}"] = (units,)
    shapes["bo_out"] = (size,)
    return shapes
