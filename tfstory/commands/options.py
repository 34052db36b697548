"""Options that several commands share."""

import argparse

from tfstory.datasets import splits

OVERRIDES = (
    "--config.KEY=VALUE sets a value of the config, such as "
    "--config.stages.sequence.epochs=10"
)


def add_config(parser: argparse.ArgumentParser) -> None:
    """Adds --config, and tells of what overrides it."""
    parser.add_argument(
        "--config",
        required=True,
        metavar="FILE",
        help="config file; `tfstory list` names those of the project",
    )
    parser.epilog = OVERRIDES


def add_trained_workdir(parser: argparse.ArgumentParser) -> None:
    """Adds the --workdir of a run to use."""
    parser.add_argument(
        "--workdir",
        required=True,
        metavar="DIR",
        help="what `tfstory train` was given",
    )


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Adds --data_dir."""
    parser.add_argument(
        "--data_dir",
        default="data",
        metavar="DIR",
        help="where prepared datasets lie (default: %(default)s)",
    )


def add_split(parser: argparse.ArgumentParser) -> None:
    """Adds --split."""
    parser.add_argument(
        "--split",
        default=splits.TEST,
        choices=splits.SPLITS,
        help="examples to measure on (default: %(default)s)",
    )


def positive(text: str) -> int:
    """Returns a whole number of 1 or more; for `add_argument(type=...)`."""
    return _at_least(1, text)


def not_negative(text: str) -> int:
    """Returns a whole number of 0 or more; for `add_argument(type=...)`."""
    return _at_least(0, text)


def _at_least(least: int, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = None
    if number is None or number < least:
        raise argparse.ArgumentTypeError(
            f"must be a whole number of {least} or more, not {text!r}"
        )
    return number
