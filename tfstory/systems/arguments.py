"""Arguments of `tfstory generate` that systems share."""

import argparse

from tfstory.errors import UserError

# Half of what an int64 holds: some systems count on from a seed.
_LARGEST_SEED = 2**62


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Adds --seed."""
    parser.add_argument(
        "--seed", type=seed, default=0, help="another one draws otherwise"
    )


def check_within(flag: str, number: int, least: int, most: int) -> None:
    """Checks how many are asked for.

    Args:
      flag: as on the command line.
      number: its value.
      least: the smallest that works.
      most: the largest that works.

    Raises:
      UserError: the number is out of range.
    """
    if not least <= number <= most:
        raise UserError(f"{flag} must be from {least} to {most}, not {number}")


def check_temperature(temperature: float) -> None:
    """Checks --temperature.

    Raises:
      UserError: it is negative, or no number.
    """
    if not temperature >= 0:
        raise UserError(f"--temperature must be 0 or more, not {temperature}")


def seed(text: str) -> int:
    """Returns the seed of a draw; for `add_argument(type=...)`.

    Raises:
      UserError: no int64 holds it.
      argparse.ArgumentTypeError: it is no whole number.
    """
    try:
        number = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"must be a whole number, not {text!r}"
        ) from error
    if abs(number) > _LARGEST_SEED:
        raise UserError(
            f"a seed must be from {-_LARGEST_SEED} to {_LARGEST_SEED}, not "
            f"{number}"
        )
    return number
