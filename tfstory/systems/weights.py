"""All weights of a system by name, and how one takes over another's."""

import os
from collections.abc import Iterable, Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.text import vocabulary

# What an exported SavedModel calls them (`export.saved_model`).
_KEY = "weights/{}/{}/.ATTRIBUTES/VARIABLE_VALUE"


def by_network(
    networks: Mapping[str, keras.layers.Layer],
) -> dict[str, list[tf.Variable]]:
    """Returns each network's variables in the order of their creation.

    Keras names layers by counters of the process; positions stay the same.

    Args:
      networks: `System.networks`.
    """
    seen = set()
    result = {}
    for name, network in networks.items():
        # A variable that networks share belongs to the first.
        result[name] = [
            variable.value
            for variable in network.weights
            if not (id(variable) in seen or seen.add(id(variable)))
        ]
    return result


def trainable(
    networks: Iterable[keras.layers.Layer],
) -> list[keras.Variable]:
    """Returns what an optimizer changes; what networks share, once.

    Args:
      networks: in the order of the optimizer's own variables.
    """
    found = {}
    for network in networks:
        found.update((id(v), v) for v in network.trainable_variables)
    return list(found.values())


def take_over(
    networks: Mapping[str, keras.layers.Layer],
    word_weights: Sequence[tuple[keras.Variable, int]],
    vocabulary_path: str,
    export_dir: str,
) -> list[str]:
    """Assigns the weights of an exported model of the same system.

    Weights that stand for words (embeddings, output layers) go over word by
    word, so that a vocabulary may grow or change its order; new words keep
    their initial weights.

    Args:
      networks: `System.networks`.
      word_weights: variables with one entry a word, and the axis of the words.
      vocabulary_path: str, the vocabulary of `networks`.
      export_dir: str, the SavedModel's directory.

    Returns:
      Names of the networks that were not taken over, because the export's
      have other weights or shapes: the model's config has changed.

    Raises:
      UserError: there is no SavedModel in `export_dir`.
    """
    prefix = os.path.join(export_dir, "variables", "variables")
    if not tf.io.gfile.exists(prefix + ".index"):
        raise UserError(
            f"{export_dir} holds no SavedModel to start from; name the "
            "directory of one version, which holds saved_model.pb"
        )
    reader = tf.train.load_checkpoint(prefix)
    axes = {id(variable.value): axis for variable, axis in word_weights}
    rows = _matching_rows(vocabulary_path, export_dir) if axes else None
    left = []
    for name, variables in by_network(networks).items():
        new = [
            _old_value(reader, _KEY.format(name, index), variable, axes, rows)
            for index, variable in enumerate(variables)
        ]
        more = reader.has_tensor(_KEY.format(name, len(variables)))
        # Positions only stand for the same weights where all of them fit.
        if more or any(value is None for value in new):
            left.append(name)
            continue
        for variable, value in zip(variables, new, strict=True):
            variable.assign(value)
    return left


def _old_value(reader, key, variable, axes, rows):
    """Returns what the variable shall become; None where nothing fits."""
    if not reader.has_tensor(key):
        return None
    old = reader.get_tensor(key)
    axis = axes.get(id(variable))
    if axis is not None:
        old = _move_words(old, variable.numpy(), axis, rows)
    if old is None or old.shape != variable.shape:
        return None
    return old


def _matching_rows(vocabulary_path, export_dir):
    """Finds the words of both vocabularies.

    Returns:
      Their ids here, their ids there, and how many ids there are there.
    """
    assets = os.path.join(export_dir, "assets")
    (asset,) = tf.io.gfile.listdir(assets)
    special = vocabulary.NUM_SPECIAL
    there = {
        word: special + index
        for index, word in enumerate(
            vocabulary.read(os.path.join(assets, asset))
        )
    }
    pairs = [(index, index) for index in range(special)] + [
        (special + index, there[word])
        for index, word in enumerate(vocabulary.read(vocabulary_path))
        if word in there
    ]
    here, common = np.array(pairs).T
    return here, common, special + len(there)


def _move_words(old, new, axis, rows):
    """Returns `new` with the entries of known words from `old`."""
    here, there, size = rows
    # What lay at this place there may be no word weights at all.
    expected = (*new.shape[:axis], size, *new.shape[axis + 1 :])
    if old.shape != expected:
        return None
    moved = np.moveaxis(new.copy(), axis, 0)
    moved[here] = np.moveaxis(old, axis, 0)[there]
    return np.moveaxis(moved, 0, axis)
