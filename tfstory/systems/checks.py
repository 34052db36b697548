"""Refuses values of the settings that all systems share."""

from collections.abc import Iterable
from typing import Any

import ml_collections

from tfstory.errors import UserError
from tfstory.text.vocabulary import NUM_SPECIAL

# `replicas.step_seed` puts it in an int32.
_LARGEST_SEED = 2**31 - 1


def check(
    config: ml_collections.ConfigDict, optional_stages: Iterable[str] = ()
) -> None:
    """Checks the seed and the numbers of training and its stages.

    Args:
      config: the run's config.
      optional_stages: those that may have no epochs.

    Raises:
      UserError: names the key and the values that work.
    """
    if not 0 <= config.seed <= _LARGEST_SEED:
        raise UserError(
            f"config.seed must be from 0 to {_LARGEST_SEED}, not {config.seed}"
        )
    at_least(
        config.training,
        "training",
        checkpoint_every_steps=1,
        keep_checkpoints=1,
        shuffle_buffer=1,
        shuffle_memory_mib=1,
    )
    for name, stage in config.stages.items():
        epochs = 0 if name in optional_stages else 1
        at_least(stage, f"stages.{name}", epochs=epochs, batch_size=1)


def at_least(
    group: ml_collections.ConfigDict, path: str, **bounds: float
) -> None:
    """Checks numbers of a group, where it has them.

    Args:
      group: a part of the run's config.
      path: where it stands there, such as "training".
      **bounds: key to the smallest value that works.

    Raises:
      UserError: one is smaller.
    """
    for key, least in bounds.items():
        value = group.get(key, least)
        if value < least:
            raise UserError(
                f"config.{path}.{key} must be {least} or more, not {value}"
            )


def one_of(path: str, value: Any, choices: Iterable[Any]) -> None:
    """Checks a value that is chosen from some.

    Args:
      path: where it stands in the config, such as "model.form".
      value: what stands there.
      choices: what may.

    Raises:
      UserError: it is none of them.
    """
    choices = list(choices)
    if value not in choices:
        raise UserError(
            f"config.{path} {value!r}: choose one of "
            f"{', '.join(map(str, choices))}"
        )


def vocabulary(data: ml_collections.ConfigDict) -> None:
    """Checks `config.data.vocabulary_size`.

    Raises:
      UserError: it has no room for a word.
    """
    if data.vocabulary_size <= NUM_SPECIAL:
        raise UserError(
            "config.data.vocabulary_size must be 5 or more (four special "
            f"tokens and a word), not {data.vocabulary_size}"
        )
