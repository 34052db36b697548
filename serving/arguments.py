"""A command-line parser whose complaints are one line, with exit code 1."""

import argparse
import sys
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Like `ArgumentParser`, without the usage text in front of an error."""

    def error(self, message: str) -> NoReturn:
        """Prints what is wrong with the command line, and exits."""
        print(f"error: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(1)
