"""Asks a served FaceGan for faces, to show that it answers."""

import os
from collections.abc import Callable, Mapping

import ml_collections
import numpy as np
import tensorflow as tf

from tfstory import examples
from tfstory.systems.face_gan import sheets

PICTURE = "faces.png"
_FACES = 16


def ask_served(
    config: ml_collections.ConfigDict,
    example: Mapping[str, np.ndarray],
    ask: Callable[[str, Mapping[str, np.ndarray]], Mapping],
    directory: str,
) -> str:
    """Lays generated faces out in one picture; see `System.ask_served`."""
    images = ask(
        "generate",
        {
            "num_samples": np.array(_FACES, np.int32),
            "seed": np.array(config.seed, np.int64),
        },
    )["images"]
    faces = np.stack([tf.io.decode_png(image).numpy() for image in images])
    path = os.path.join(directory, PICTURE)
    tf.io.write_file(path, tf.io.encode_png(sheets.grid(faces)))
    (probability,) = ask(
        "discriminate", {"images": np.array([example[examples.IMAGE]], object)}
    )["probability"]
    name = example[examples.EXAMPLE_ID].decode(errors="replace")
    return (
        f"for {_FACES} faces, which lie in {path}; the held-out {name} is "
        f"real with a probability of {probability:.3f}"
    )
