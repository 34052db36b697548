"""Reads the vectors of all frames from either form that is published."""

import io
import json
import pickle
from collections.abc import Mapping, Sequence

import numpy as np

from tfstory.errors import UserError

# What a pickled dictionary of float arrays or lists is made of.
_HARMLESS = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
}


class _DataUnpickler(pickle.Unpickler):
    """Unpickles arrays and plain values, and runs nothing else."""

    def find_class(self, module, name):
        if (module, name) in _HARMLESS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not data")


def load(name: str, data: bytes) -> Mapping[str, Sequence[float]]:
    """Returns picture name to vector.

    Args:
      name: the file's name: JSON if it ends so, else a `.npy` that holds a
        pickled dictionary, as beside the StoryGAN code.
      data: the file's bytes.

    Raises:
      UserError: the file is malformed.
    """
    try:
        if name.endswith(".json"):
            vectors = json.loads(data)
        else:
            file = io.BytesIO(data)
            if np.lib.format.read_magic(file) == (1, 0):
                np.lib.format.read_array_header_1_0(file)
            else:
                np.lib.format.read_array_header_2_0(file)
            # Written by Python 2.
            vectors = _DataUnpickler(file, encoding="latin1").load().item()
        return {key: [float(x) for x in v] for key, v in vectors.items()}
    except (
        ValueError, TypeError, AttributeError, EOFError, KeyError, ImportError,
        IndexError, RecursionError, pickle.UnpicklingError,
    ) as error:  # fmt: skip
        raise UserError(
            f"{name} does not hold a vector for each picture: {error}"
        ) from None
