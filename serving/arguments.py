"""Command lines whose complaints are one line, with exit code 1."""

import argparse
import sys
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Like `ArgumentParser`, without the usage text in front of an error."""

    def error(self, message: str) -> NoReturn:
        """Prints what is wrong with the command line, and exits."""
        print(f"error: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(1)


def int64(text: str) -> int:
    """Returns a number that a model's int64 holds; for `add_argument(type=)`.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        number = int(text)
    except ValueError:
        number = 2**63
    if not -(2**63) <= number < 2**63:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no whole number from {-(2**63)} to {2**63 - 1}"
        )
    return number
