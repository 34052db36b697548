"""Writes a system as a SavedModel that needs nothing of tfstory."""

import os
import re
import uuid
from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory.export import warm_up
from tfstory.systems import weights
from tfstory.systems.system import System


def export(
    system: System,
    model_dir: str,
    examples: Mapping[str, np.ndarray] | None = None,
) -> str:
    """Writes the next version under `model_dir`, as TF Serving reads it.

    A version appears under its number only when it is whole.

    Args:
      system: System, trained.
      model_dir: str, directory of the model's versions.
      examples: a few raw examples, feature name to array `[batch, ...]`, for
        the warm-up requests; None writes none.

    Returns:
      The new version's directory.
    """
    tf.io.gfile.makedirs(model_dir)
    taken = [
        int(name.strip("/"))
        for name in tf.io.gfile.listdir(model_dir)
        if re.fullmatch(r"\d+/?", name)
    ]
    version_dir = os.path.join(model_dir, str(max(taken, default=0) + 1))
    temporary = os.path.join(model_dir, f".unfinished-{uuid.uuid4().hex}")
    try:
        export_to(system, temporary, examples)
    except BaseException:
        if tf.io.gfile.exists(temporary):
            tf.io.gfile.rmtree(temporary)
        raise
    tf.io.gfile.rename(temporary, version_dir)
    return version_dir


def export_to(
    system: System,
    path: str,
    examples: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Writes the SavedModel into `path`; see `export`.

    Args:
      system: System, trained.
      path: str.
      examples: as in `export`.
    """
    functions = signatures(system)
    module = tf.Module(name=system.config.system)
    # Plain variables: a SavedModel that holds no Keras object loads anywhere.
    module.weights = weights.by_network(system.networks)
    module.resources = system.resources
    module.functions = functions
    tf.saved_model.save(
        module,
        path,
        signatures={
            name: function.get_concrete_function()
            for name, function in functions.items()
        },
    )
    if examples is not None:
        warm_up.write(
            path, system.config.system, system.request_inputs(examples)
        )


def signatures(system: System) -> dict[str, Any]:
    """Returns name to `tf.function` of all that an export answers."""
    return {**system.signatures(), "evaluate": _evaluate(system)}


def _evaluate(system: System):
    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="examples")]
    )
    def evaluate(examples):
        return system.evaluate(system.prepare(system.parse(examples)))

    return evaluate
