"""Whether a work directory's run may go on under a config."""

import json
import pathlib
from typing import Any

import ml_collections

from tfstory.errors import UserError
from tfstory.training import files

# Keys that change nothing about the weights that training ends with, but for
# the rounding of another device.
_FREE = (
    "pipeline",
    "training.checkpoint_every_steps",
    "training.keep_checkpoints",
    "training.strategy",
)


def raised_stages(
    path: pathlib.Path, config: ml_collections.ConfigDict
) -> list[str]:
    """Compares the config with that of the run so far.

    Args:
      path: the run's `config.json`; need not exist.
      config: what to go on with.

    Returns:
      Names of the stages that shall have more epochs than before.

    Raises:
      UserError: the config differs in something else.
    """
    if not path.exists():
        return []
    try:
        old = _flatten(json.loads(path.read_text()))
    except ValueError as error:
        raise UserError(
            f"{path} is not JSON ({error}); choose another work directory"
        ) from error
    new = _flatten(json.loads(_json(config)))
    raised, other = [], []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before == after or _is_free(key):
            continue
        parts = key.split(".")
        is_epochs = parts[0] == "stages" and parts[2:] == ["epochs"]
        if is_epochs and before is not None and (after or 0) > before:
            raised.append(parts[1])
        else:
            other.append(f"{key} was {before!r} and is {after!r}")
    if other:
        raise UserError(
            f"the run in {path.parent} has another config: "
            f"{'; '.join(other)}; set it back (epochs may be raised) or "
            "choose another work directory"
        )
    return raised


def write(path: pathlib.Path, config: ml_collections.ConfigDict) -> None:
    """Writes `config.json`."""
    files.write_json(path, json.loads(_json(config)))


def _json(config: ml_collections.ConfigDict) -> str:
    return config.to_json_best_effort()


def _is_free(key: str) -> bool:
    return any(key == free or key.startswith(f"{free}.") for free in _FREE)


def _flatten(value: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {prefix: value}
    flat = {}
    for key, child in value.items():
        flat.update(_flatten(child, f"{prefix}.{key}" if prefix else key))
    return flat
