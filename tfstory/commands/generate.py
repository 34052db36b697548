"""Makes stories, captions or pictures from your own input.

The arguments after --workdir are those of the system that was trained there;
`tfstory generate --workdir=DIR --help` shows them.
"""

import argparse
import importlib

from tfstory.commands import options
from tfstory.commands import workdir as workdirs
from tfstory.errors import UserError

# Signatures take seeds of 64 bits, and fewer of all else.
_LARGEST = 2**63 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments; the system's own follow in `run`."""
    options.add_trained_workdir(parser)


def add_system_arguments(parser: argparse.ArgumentParser, workdir: str) -> None:
    """Adds the arguments of the system that was trained in `workdir`."""
    _module(workdirs.read_config(workdir).system).add_arguments(parser)


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    _check_numbers(args)
    system = workdirs.trained_system(args.workdir)
    _module(system.config.system).run(system, args)


def _check_numbers(args: argparse.Namespace) -> None:
    """Checks whole numbers, whatever the system calls them.

    Raises:
      UserError: one does not fit into a signature's tensor.
    """
    for name, value in vars(args).items():
        for number in value if isinstance(value, list) else [value]:
            if (
                isinstance(number, int)
                and not -_LARGEST - 1 <= number <= _LARGEST
            ):
                raise UserError(
                    f"--{name} must be from {-_LARGEST - 1} to {_LARGEST}, "
                    f"not {number}"
                )


def _module(system: str):
    return importlib.import_module(f"tfstory.systems.{system}.generate")
