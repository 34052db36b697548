"""Refuses values of the settings that all systems share."""

import ml_collections

from tfstory.errors import UserError

# What NumPy's generators take.
_LARGEST_SEED = 2**32 - 1


def check(config: ml_collections.ConfigDict) -> None:
    """Checks the seed and the numbers of training and its stages.

    Args:
      config: the run's config.

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
        at_least(stage, f"stages.{name}", epochs=1, batch_size=1)


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
