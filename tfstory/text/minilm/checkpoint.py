"""Pretrained weights of BERT, under the names that PyTorch gives them."""

import re
from collections.abc import Iterator, Mapping

import keras
import numpy as np

from tfstory.errors import UserError
from tfstory.text.minilm import package
from tfstory.text.minilm.bert import BertEncoder

# In the checkpoint, but of no use for the states.
_UNUSED = r"pooler\..*|embeddings\.position_ids"


def pretrained() -> BertEncoder:
    """Returns all-MiniLM-L6-v2 from the installed package, frozen.

    Raises:
      UserError: the package is not installed, or damaged.
    """
    model = package.folder()
    encoder = BertEncoder(package.read_config(model), name="minilm")
    load(encoder, package.read_tensors(model))
    encoder.trainable = False
    return encoder


def load(encoder: BertEncoder, tensors: Mapping[str, np.ndarray]) -> None:
    """Gives the encoder a checkpoint's weights.

    Args:
      encoder: of the checkpoint's sizes.
      tensors: float arrays by name.

    Raises:
      UserError: a tensor is missing, superfluous or of another shape; the
        encoder is then as it was.
    """
    places = {name: place for name, *place in _places(encoder)}
    used = {name for name in tensors if not re.fullmatch(_UNUSED, name)}
    if missing := sorted(places.keys() - used):
        raise UserError(
            f"the checkpoint lacks {len(missing)} tensors of this BERT, "
            f"{missing[0]} first"
        )
    if superfluous := sorted(used - places.keys()):
        raise UserError(
            f"the checkpoint has {len(superfluous)} tensors that this BERT "
            f"has no place for, {superfluous[0]} first"
        )
    for name, (_, shape) in places.items():
        if tensors[name].shape != shape:
            raise UserError(
                f"the checkpoint's {name} has the shape "
                f"{list(tensors[name].shape)}; this BERT needs {list(shape)}"
            )
    for name, (variable, _) in places.items():
        value = tensors[name]
        # PyTorch has a dense layer's kernel as [out, in]; Keras as [in, out],
        # with the attention's heads on an axis of their own.
        if not name.startswith("embeddings."):
            value = value.T
        variable.assign(value.reshape(variable.shape))


def _places(
    encoder: BertEncoder,
) -> Iterator[tuple[str, keras.Variable, tuple[int, ...]]]:
    """Yields each tensor's name, its variable, and its shape there."""
    config = encoder.config
    units, inner = config.units, config.inner_units
    for name, layer in (
        ("word", encoder.words),
        ("position", encoder.positions),
        ("token_type", encoder.segments),
    ):
        shape = (layer.input_dim, units)
        yield f"embeddings.{name}_embeddings.weight", layer.embeddings, shape
    yield from _norm("embeddings.LayerNorm", encoder.norm, units)
    for i, layer in enumerate(encoder.stack):
        at, attention = f"encoder.layer.{i}", layer.attention
        for name, dense in (
            ("self.query", attention.query_dense),
            ("self.key", attention.key_dense),
            ("self.value", attention.value_dense),
            ("output.dense", attention.output_dense),
        ):
            yield from _dense(f"{at}.attention.{name}", dense, units, units)
        yield from _norm(
            f"{at}.attention.output.LayerNorm", layer.attention_norm, units
        )
        yield from _dense(f"{at}.intermediate.dense", layer.wide, inner, units)
        yield from _dense(f"{at}.output.dense", layer.narrow, units, inner)
        yield from _norm(f"{at}.output.LayerNorm", layer.dense_norm, units)


def _dense(name, layer, outputs, inputs):
    yield f"{name}.weight", layer.kernel, (outputs, inputs)
    yield f"{name}.bias", layer.bias, (outputs,)


def _norm(name, layer, units):
    yield f"{name}.weight", layer.gamma, (units,)
    yield f"{name}.bias", layer.beta, (units,)
