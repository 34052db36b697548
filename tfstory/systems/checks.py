"""Refuses values of the settings that all systems share."""

from collections.abc import Iterable
from typing import Any

import ml_collections

from tfstory.errors import UserError
from tfstory.losses import adversarial
from tfstory.text.vocabulary import NUM_SPECIAL

# `replicas.step_seed` puts it in an int32.
_LARGEST_SEED = 2**31 - 1


def check(
    config: ml_collections.ConfigDict, optional_stages: Iterable[str] = ()
) -> None:
    """Checks the seed, the numbers of training and its stages, and of data.

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
        # Of each network that has its own; a negative one would climb.
        rates = [key for key in stage if key.endswith("learning_rate")]
        at_least(
            stage,
            f"stages.{name}",
            epochs=epochs,
            batch_size=1,
            **dict.fromkeys(rates, 0.0),
        )
    at_least(
        config.data,
        "data",
        max_train_examples=0,
        max_validation_examples=0,
        max_test_examples=0,
    )


def smooth(
    stage: ml_collections.ConfigDict, path: str, **by: float | bool
) -> None:
    """Checks that a Wasserstein loss has something that limits it.

    Args:
      stage: with a `loss`.
      path: of the stage below `config`.
      by: setting to value, of what keeps a discriminator smooth.

    Raises:
      UserError: nothing does.
    """
    if stage.loss == adversarial.WASSERSTEIN and not any(by.values()):
        raise UserError(
            f"config.{path}.loss {stage.loss!r} has no limit unless the "
            f"discriminator is kept smooth: set {' or '.join(by)}"
        )


def at_least(
    group: ml_collections.ConfigDict, path: str, **bounds: float
) -> None:
    """Checks numbers of a group, where it has them.

    Args:
      group: a part of the run's config.
      path: where it stands there, such as "training".
      **bounds: key to the smallest value that works.

    Raises:
      UserError: one is smaller, or no number.
    """
    for key, least in bounds.items():
        value = group.get(key, least)
        if not value >= least:
            raise UserError(
                f"config.{path}.{key} must be {least} or more, not {value}"
            )


def share(
    group: ml_collections.ConfigDict, path: str, *keys: str, one: bool = True
) -> None:
    """Checks numbers that are shares of a whole.

    Args:
      group, path: as in `at_least`.
      *keys: of the numbers.
      one: bool, whether the whole itself works.

    Raises:
      UserError: one is not from 0 to 1.
    """
    for key in keys:
        value = group[key]
        if not (0 <= value < 1 or (one and value == 1)):
            raise UserError(
                f"config.{path}.{key} must be from 0 "
                f"{'to' if one else 'up to but without'} 1, not {value}"
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
