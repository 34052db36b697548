"""Files of the work directory that are never seen half written."""

import json
import math
import os
import pathlib
from collections.abc import Mapping
from typing import Any

from tfstory.errors import UserError

# The run's config, which says that a run has begun there.
CONFIG = "config.json"
CHECKPOINTS = "checkpoints"


def write_bytes(path: pathlib.Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Several workers may write the same file at once.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def write_json(path: pathlib.Path, value: Any) -> None:
    """Writes a JSON file (`to_json`) whole or not at all."""
    write_bytes(path, (to_json(value) + "\n").encode())


def to_json(value: Any) -> str:
    """Returns JSON, with null for numbers that are not finite.

    JSON has no such numbers. A metric of which nothing was counted is one.
    """
    return json.dumps(
        _with_nulls(value), indent=2, default=str, allow_nan=False
    )


def read_object(path: pathlib.Path, remedy: str) -> dict[str, Any]:
    """Returns the JSON object that a file holds.

    Args:
      path: of the file, which must be there.
      remedy: what to do where it is damaged, in words.

    Raises:
      UserError: it is not JSON, or another kind of value.
    """
    try:
        value = json.loads(path.read_text())
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error}); {remedy}") from error
    if not isinstance(value, dict):
        raise UserError(f"{path} holds no JSON object; {remedy}")
    return value


def with_nan(metrics: Mapping[str, float | None]) -> dict[str, float]:
    """Returns metrics read from JSON, with nan where `to_json` wrote null."""
    return {
        name: math.nan if value is None else value
        for name, value in metrics.items()
    }


def _with_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_nulls(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_nulls(child) for child in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
