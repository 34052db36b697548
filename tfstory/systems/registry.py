"""Finds a system by its name; each is imported only when it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import ml_collections

from tfstory.errors import UserError

if TYPE_CHECKING:  # The names alone come without TensorFlow.
    from tfstory.systems.system import System

_SYSTEMS = {
    "attribute_classifier": (
        "tfstory.systems.attribute_classifier.system:AttributeClassifier"
    ),
    "face_gan": "tfstory.systems.face_gan.system:FaceGan",
    "gaussian_gan": "tfstory.systems.gaussian_gan.system:GaussianGan",
    "story_gan": "tfstory.systems.story_gan.system:StoryGan",
    "story_matcher": "tfstory.systems.story_matcher.system:StoryMatcher",
    "story_reasoning": "tfstory.systems.story_reasoning.system:StoryReasoning",
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


def defaults(name: str) -> ml_collections.ConfigDict:
    """Returns a config with every setting of a system.

    Raises:
      UserError: there is no system of that name.
    """
    _check(name)
    return importlib.import_module(
        f"tfstory.systems.{name}.defaults"
    ).get_config()


def create(config: ml_collections.ConfigDict, vocabulary_path: str) -> System:
    """Makes the system that `config.system` names."""
    return get(config.system)(config, vocabulary_path)


def _check(name):
    if name not in _SYSTEMS:
        raise UserError(
            f"there is no system {name!r}; choose one of {', '.join(names())}"
        )
