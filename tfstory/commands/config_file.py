"""Loads a run's config and applies what the command line overrides."""

import difflib
import importlib.util
import json
import pathlib
from collections.abc import Sequence
from typing import Any

import ml_collections

from tfstory import literals
from tfstory.errors import UserError

_PREFIX = "--config."


def load(path: str, overrides: Sequence[str] = ()) -> ml_collections.ConfigDict:
    """Runs a config file and applies overrides.

    Args:
      path: str, a Python file with a `get_config()`.
      overrides: words such as "--config.model.units=64".

    Returns:
      The config, locked: reading or writing an unknown key is an error.

    Raises:
      UserError: there is no such file, it has no `get_config()`, or an
        override names no key or has a value of another type.
    """
    if not pathlib.Path(path).is_file():
        raise UserError(
            f"there is no config file {path}; `tfstory list` names those of "
            "the project"
        )
    spec = importlib.util.spec_from_file_location("tfstory_config", path)
    if spec is None:
        raise UserError(f"{path} is no Python file; a config ends in .py")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        config = module.get_config()
    except Exception as error:
        text = " ".join(str(error).split())
        raise UserError(
            f"{path} cannot be used as a config: {type(error).__name__}: {text}"
        ) from error
    if not isinstance(config, ml_collections.ConfigDict):
        raise UserError(
            f"{path} cannot be used as a config: get_config() returns "
            f"{type(config).__name__}, not an ml_collections.ConfigDict"
        )
    return overridden(config, overrides)


def overridden(
    config: ml_collections.ConfigDict, overrides: Sequence[str]
) -> ml_collections.ConfigDict:
    """Applies overrides to a config; see `load`."""
    with config.unlocked():
        for word in overrides:
            _override(config, word)
    return config.lock()


def to_json(config: ml_collections.ConfigDict) -> str:
    """Returns the config as JSON; tuples become lists."""
    return json.dumps(config.to_dict(), indent=2, sort_keys=True)


def from_json(text: str) -> ml_collections.ConfigDict:
    """Returns the config that `to_json` wrote."""
    return ml_collections.ConfigDict(json.loads(text)).lock()


def _override(config: ml_collections.ConfigDict, word: str) -> None:
    name, equals, text = word.partition("=")
    if not name.startswith(_PREFIX) or not equals:
        raise UserError(f"cannot read {word!r}; write --config.KEY=VALUE")
    parts = name.removeprefix(_PREFIX).split(".")
    parent = config
    for part in parts[:-1]:
        _check_key(parent, part, name)
        parent = parent[part]
    # The arguments of a dataset's builder are the builder's to check.
    if parts[:-1] == ["data", "builder"]:
        parent[parts[-1]] = literals.value_of(text)
        return
    _check_key(parent, parts[-1], name)
    parent[parts[-1]] = _converted(text, parent[parts[-1]], name)


def _check_key(parent: Any, part: str, name: str) -> None:
    if not isinstance(parent, ml_collections.ConfigDict):
        raise UserError(f"{name}: there is no {part!r} in the value {parent!r}")
    keys = list(parent)
    if part in keys:
        return
    near = difflib.get_close_matches(part, keys, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(keys)}"
    raise UserError(f"{name}: the config has no {part!r}; {hint}")


def _converted(text: str, old: Any, name: str) -> Any:
    """Returns the value as the type that the config file gives it."""
    if isinstance(old, ml_collections.ConfigDict):
        raise UserError(
            f"{name} is a group; set one of its values: {', '.join(old)}"
        )
    if isinstance(old, str):
        return text
    try:
        return _fitted(literals.value_of(text), old)
    except TypeError:
        raise UserError(
            f"{name} must be {type(old).__name__} (such as {old!r}), "
            f"not {text!r}"
        ) from None


def _fitted(value: Any, old: Any) -> Any:
    if old is None:  # Says nothing of the type.
        return value
    if isinstance(old, float) and type(value) is int:
        return float(value)
    if isinstance(old, (tuple, list)) and isinstance(value, (tuple, list)):
        first = old[0] if old else None
        return type(old)(_fitted(entry, first) for entry in value)
    if type(value) is not type(old):
        raise TypeError
    return value
