"""`--input name=value` of the command line to a signature's inputs."""

import json
import pathlib
from typing import Any

import numpy as np

from serving import tensors
from serving.client.metadata import Signature, TensorSpec
from serving.errors import ServingError


def parse(arguments: list[str], signature: Signature) -> dict[str, np.ndarray]:
    """Returns the inputs that the arguments spell.

    Args:
        arguments: each `name=text`, `name=@file` (the file's bytes) or
            `name=[JSON list]`. A name that comes several times makes a list.
        signature: gives the types. An input with fewer dimensions than it
            takes gets leading ones: one value becomes a batch of one.

    Raises:
        ServingError: an argument cannot be understood.
    """
    values: dict[str, list[Any]] = {}
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals or not name:
            raise ServingError(f"--input {argument!r} is not name=value")
        if name not in signature.inputs:
            raise ServingError(
                f"the signature has no input '{name}'; it takes "
                f"{', '.join(sorted(signature.inputs))}"
            )
        value = _value(name, text, signature.inputs[name])
        values.setdefault(name, []).append(value)
    missing = sorted(signature.inputs.keys() - values)
    if missing:
        raise ServingError(
            f"the signature's {', '.join(missing)} is missing; give each input "
            "as --input NAME=VALUE"
        )
    return {
        name: _array(name, items, signature.inputs[name])
        for name, items in values.items()
    }


def read_file(path: str) -> bytes:
    """Returns a file's bytes.

    Raises:
        ServingError: it cannot be read.
    """
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        raise ServingError(f"cannot read {path}: {error.strerror}") from error


def _value(name: str, text: str, spec: TensorSpec) -> Any:
    if text.startswith("@"):
        return read_file(text[1:])
    if not text.startswith("["):
        is_text = spec.dtype == "string"
        return _text(name, text) if is_text else _number(name, text)
    try:
        return json.loads(text)
    except ValueError as error:
        if spec.dtype == "string":  # A sentence may begin with a bracket.
            return text
        raise ServingError(
            f"input '{name}': {text!r} is no JSON list"
        ) from error


def _text(name: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ServingError(f"input '{name}': {text!r} is not UTF-8") from None
    return text


def _number(name: str, text: str) -> bool | int | float:
    try:
        return json.loads(text.lower() if text in ("True", "False") else text)
    except ValueError as error:
        raise ServingError(f"input '{name}': {text!r} is no number") from error


def _array(name: str, items: list[Any], spec: TensorSpec) -> np.ndarray:
    try:
        array = tensors.to_array(items[0] if len(items) == 1 else items)
    except ValueError as error:
        raise ServingError(f"input '{name}': {error}") from error
    while spec.shape is not None and array.ndim < len(spec.shape):
        array = array[np.newaxis]
    return array
