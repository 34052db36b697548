"""Finds a system by its name; each is imported only when it is used."""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING

import ml_collections

from tfstory.errors import UserError

if TYPE_CHECKING:  # The names alone come without TensorFlow.
    from tfstory.systems.system import System

_log = logging.getLogger(__name__)

_SYSTEMS = {
    "attribute_classifier": (
        "tfstory.systems.attribute_classifier.system:AttributeClassifier"
    ),
    "face_gan": "tfstory.systems.face_gan.system:FaceGan",
    "gaussian_gan": "tfstory.systems.gaussian_gan.system:GaussianGan",
    "seq_gan": "tfstory.systems.seq_gan.system:SeqGan",
    "story_gan": "tfstory.systems.story_gan.system:StoryGan",
    "story_matcher": "tfstory.systems.story_matcher.system:StoryMatcher",
    "story_reasoning": "tfstory.systems.story_reasoning.system:StoryReasoning",
    "text_gan": "tfstory.systems.text_gan.system:TextGan",
}


def names() -> list[str]:
    """Returns the names of all systems."""
    return sorted(_SYSTEMS)


def get(name: str) -> type[System]:
    """Returns a system's class.

    Raises:
      UserError: there is no system of that name.
    """
    _check(name)
    module, attribute = _SYSTEMS[name].split(":")
    return getattr(importlib.import_module(module), attribute)


def create(config: ml_collections.ConfigDict, vocabulary_path: str) -> System:
    """Makes the system that `config.system` names."""
    return get(config.system)(config, vocabulary_path)


def completed(config: ml_collections.ConfigDict) -> ml_collections.ConfigDict:
    """Adds the keys that came after a run had written its config.

    They take the values that the system has for them by default. Keys that it
    has no more are named in a warning.

    Args:
      config: of the run.

    Raises:
      UserError: it names no system, or another than there are, or a value is
        of another kind than the default.
    """
    name = config.get("system")
    _check(name)
    defaults = importlib.import_module(f"tfstory.systems.{name}.defaults")
    with config.unlocked():
        left = _complete(config, defaults.get_config(), "config")
    if left:
        _log.warning(
            "the run's config has keys that %s has no more: %s",
            name,
            ", ".join(left),
        )
    return config.lock()


def _complete(config, defaults, path) -> list[str]:
    """Adds what is missing; returns the keys that the defaults lack."""
    # These groups have what keys and values one gives them.
    free = path in ("config.data.builder", "config.pipeline.gates")
    left = [f"{path}.{key}" for key in config if key not in defaults]
    for key, value in defaults.items():
        if key not in config:
            config[key] = value
            continue
        kind = _kind(value)
        if not free and kind and kind != _kind(config[key]):
            raise UserError(
                f"the run's {path}.{key} must be {kind}, "
                f"not {config[key]!r}; write its config back"
            )
        if isinstance(value, ml_collections.ConfigDict):
            left += _complete(config[key], value, f"{path}.{key}")
    return [] if free else left


def _kind(value) -> str:
    """Says what a value is in JSON; "" of None, which says nothing."""
    kinds = {
        ml_collections.ConfigDict: "a group",
        bool: "true or false",
        (int, float): "a number",
        str: "a string",
        (list, tuple): "a list",
    }
    return next((kinds[k] for k in kinds if isinstance(value, k)), "")


def _check(name):
    if not isinstance(name, str) or name not in _SYSTEMS:
        raise UserError(
            f"there is no system {name!r}; choose one of {', '.join(names())}"
        )
