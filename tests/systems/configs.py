"""The project's configs, for tests to cut down in size."""

import pathlib

import ml_collections

from tfstory.commands import config_file

_CONFIGS = pathlib.Path(__file__).parents[2] / "configs"


def load(system: str, name: str) -> ml_collections.ConfigDict:
    """Returns the config of a file in `configs/<system>`."""
    return config_file.load(str(_CONFIGS / system / f"{name}.py")).unlock()
