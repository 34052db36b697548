"""Arguments of dataset builders: checking, parsing and naming them."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tfstory import literals
from tfstory.errors import UserError

_PREFIX = "--builder."


def checked(
    dataset: str,
    defaults: Mapping[str, Any],
    given: Mapping[str, Any],
    at_least: Mapping[str, int],
) -> dict[str, Any]:
    """Returns the defaults with the given values put in.

    Args:
      dataset: the dataset's name, for messages.
      defaults: argument name to default.
      given: what the user chose.
      at_least: the smallest numbers allowed; 0 where it has none.

    Raises:
      UserError: there is no such argument, or its value has another type
        than its default, or a number is too small. A whole number will do for
        a float, and a list for a tuple (JSON has no tuples).
    """
    arguments = dict(defaults)
    for name, value in given.items():
        if name not in defaults:
            known = ", ".join(defaults)
            raise UserError(
                f"{dataset} has no argument {name!r}; it has "
                f"{f'these: {known}' if known else 'none'}"
            )
        value = _fitted(value, defaults[name])
        wanted = type(defaults[name])
        if type(value) is not wanted:
            raise UserError(
                f"{dataset}: {name} must be {wanted.__name__}, not {value!r}"
            )
        least = at_least.get(name, 0)
        if isinstance(value, int) and value < least:
            raise UserError(f"{dataset}: {name} must be at least {least}")
        if wanted is tuple:
            entry = type(defaults[name][0])
            if any(type(item) is not entry for item in value):
                raise UserError(
                    f"{dataset}: each entry of {name} must be "
                    f"{entry.__name__}, not {value!r}"
                )
        arguments[name] = value
    return arguments


def config_name(
    defaults: Mapping[str, Any], arguments: Mapping[str, Any]
) -> str:
    """Returns a directory name that other arguments do not have.

    "default" where nothing was changed, else what was changed and a hash.
    """
    changed = {
        name: value
        for name, value in sorted(arguments.items())
        if value != defaults[name]
    }
    if not changed:
        return "default"
    words = "-".join(f"{name}_{value}" for name, value in changed.items())
    digest = hashlib.sha256(repr(changed).encode()).hexdigest()[:8]
    return re.sub(r"[^\w-]", "_", words)[:80] + "-" + digest


def _fitted(value: Any, default: Any) -> Any:
    """Returns the value as its default's type, where that loses nothing."""
    if type(default) is float and type(value) is int:
        return float(value)
    if type(default) is tuple and isinstance(value, (list, tuple)):
        return tuple(_fitted(item, default[0]) for item in value)
    return value


def parse(words: Iterable[str]) -> dict[str, Any]:
    """Returns the arguments in words like `--builder.seed=3`.

    Raises:
      UserError: a word has another form.
    """
    arguments = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not name.startswith(_PREFIX) or not equals:
            raise UserError(f"cannot read {word!r}; write --builder.NAME=VALUE")
        arguments[name.removeprefix(_PREFIX)] = literals.value_of(text)
    return arguments
