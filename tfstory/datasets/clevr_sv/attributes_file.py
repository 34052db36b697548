"""Reads the vectors of all frames from either form that is published."""

import io
import json
from collections.abc import Mapping, Sequence

import numpy as np

from tfstory import plain_pickles
from tfstory.errors import UserError


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
            vectors = plain_pickles.load(file).item()
        return {key: [float(x) for x in v] for key, v in vectors.items()}
    except (
        ValueError, TypeError, AttributeError, KeyError, RecursionError,
    ) as error:  # fmt: skip
        raise UserError(
            f"{name} does not hold a vector for each picture: {error}"
        ) from None
