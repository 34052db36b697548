"""Reads pickles of arrays and plain values, and runs nothing else of them."""

import pickle
from typing import Any, BinaryIO

# What pickled arrays, and lists and dictionaries of them, are made of.
_HARMLESS = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    # Of protocol 5.
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    # Protocol 2 says by it what bytes are.
    ("_codecs", "encode"),
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) in _HARMLESS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not data")


def load(file: BinaryIO) -> Any:
    """Returns the value of a pickle, of Python 2 or 3.

    Args:
      file: binary, at the pickle's beginning.

    Raises:
      ValueError: it is malformed, or holds more than data.
    """
    try:
        return _Unpickler(file, encoding="latin1").load()
    except (
        ValueError, TypeError, AttributeError, EOFError, LookupError,
        ImportError, RecursionError, MemoryError, pickle.UnpicklingError,
    ) as error:  # fmt: skip
        raise ValueError(f"no pickle of data: {error}") from None
