"""Arguments of `tfstory generate` that systems share."""

import argparse
from collections.abc import Callable

from tfstory.errors import UserError

# Half of what an int64 holds: some systems count on from a seed.
_LARGEST_SEED = 2**62


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Adds --seed."""
    parser.add_argument(
        "--seed", type=seed, default=0, help="another one draws otherwise"
    )


def within(flag: str, least: int, most: int) -> Callable[[str], int]:
    """Returns what `add_argument(type=...)` takes for how many are wanted.

    So a mistake is told before a model is loaded.

    Args:
      flag: as on the command line.
      least: the smallest that works.
      most: the largest that works.
    """

    def parse(text: str) -> int:
        number = _whole(text)
        check_within(flag, number, least, most)
        return number

    return parse


def check_within(flag: str, number: int, least: int, most: int) -> None:
    """Checks how many are asked for, where it depends on more than the flag.

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


def temperature(text: str) -> float:
    """Returns --temperature; for `add_argument(type=...)`.

    Raises:
      UserError: it is negative, or no number (nan).
      argparse.ArgumentTypeError: as `seed`.
    """
    value = _number(text)
    if not value >= 0:
        raise UserError(f"--temperature must be 0 or more, not {value}")
    return value


def top_p(text: str) -> float:
    """Returns --top_p; for `add_argument(type=...)`.

    Raises:
      UserError: it is no share that a token can be drawn from.
      argparse.ArgumentTypeError: as `seed`.
    """
    value = _number(text)
    if not 0 < value <= 1:
        raise UserError(f"--top_p must be above 0 and at most 1, not {value}")
    return value


def seed(text: str) -> int:
    """Returns the seed of a draw; for `add_argument(type=...)`.

    Raises:
      UserError: no int64 holds it.
      argparse.ArgumentTypeError: it is no whole number.
    """
    number = _whole(text)
    if abs(number) > _LARGEST_SEED:
        raise UserError(
            f"a seed must be from {-_LARGEST_SEED} to {_LARGEST_SEED}, not "
            f"{number}"
        )
    return number


def _whole(text: str) -> int:
    return _parsed(int, text, "a whole number")


def _number(text: str) -> float:
    return _parsed(float, text, "a number")


def _parsed(kind: Callable, text: str, wanted: str):
    try:
        return kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be {wanted}, not {text!r}"
        ) from None
