"""A signature's outputs to files and to JSON, for the command line."""

import base64
import io
import json
import pathlib
from collections.abc import Collection
from typing import Any

import numpy as np

from serving.errors import ServingError


def parse_saves(
    arguments: list[str], outputs: Collection[str]
) -> dict[str, pathlib.Path]:
    """Returns the file of each output that is to be saved.

    Args:
        arguments: each `name=file`.
        outputs: names of the signature's outputs.

    Raises:
        ServingError: an argument cannot be understood.
    """
    saves = {}
    for argument in arguments:
        name, _, path = argument.partition("=")
        if name not in outputs or not pathlib.Path(path).name:
            raise ServingError(
                f"--save {argument!r} is not NAME=FILE with one of the "
                f"outputs {', '.join(sorted(outputs))}"
            )
        if name in saves:
            raise ServingError(f"--save names output '{name}' twice")
        saves[name] = pathlib.Path(path)
    return saves


def save(array: np.ndarray, path: pathlib.Path) -> list[str]:
    """Writes an output.

    Args:
        array: strings, each of which becomes a file of its bytes, or numbers,
            which become one NumPy file.
        path: of the file. Several strings get their place in the array into
            their names: `strip-0.png`, `strip-1.png`; `strip-0-1.png` of two
            dimensions.

    Returns:
        The files written.

    Raises:
        ServingError: a file cannot be written.
    """
    if array.dtype != object:
        content = io.BytesIO()
        np.save(content, array)
        files = {path: content.getvalue()}
    elif array.size == 1:
        files = {path: array.item()}
    else:
        files = {
            path.with_name(f"{path.stem}-{_join(index)}{path.suffix}"): item
            for index, item in np.ndenumerate(array)
        }
    for file, content in files.items():
        write_file(file, content)
    return [str(file) for file in files]


def write_file(path: pathlib.Path, content: bytes) -> None:
    """Writes a file.

    Raises:
        ServingError: it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ServingError(f"cannot write {path}: {error.strerror}") from error


def to_json(outputs: dict[str, np.ndarray], saved: dict[str, list[str]]) -> str:
    """Returns the outputs as JSON.

    Bytes that are no UTF-8 text become `{"b64": ...}`, as in TF Serving's
    REST interface.

    Args:
        outputs: by name.
        saved: the files of those outputs that were written to files; they
            become `{"files": [...]}`.
    """
    printable: dict[str, Any] = {
        name: _printable(array.tolist())
        for name, array in outputs.items()
        if name not in saved
    }
    printable.update({name: {"files": saved[name]} for name in saved})
    return json.dumps(printable, indent=2, sort_keys=True, ensure_ascii=False)


def _join(index: tuple[int, ...]) -> str:
    return "-".join(map(str, index))


def _printable(value: Any) -> Any:
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(value).decode()}
