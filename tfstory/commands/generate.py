"""Makes stories, captions or pictures from your own input.

The arguments after --workdir are those of the system that was trained there;
`tfstory generate --workdir=DIR --help` shows them.
"""

import argparse
import importlib
import importlib.util

from tfstory.commands import options
from tfstory.commands import workdir as workdirs
from tfstory.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments; the system's own follow in `run`."""
    options.add_trained_workdir(parser)


def add_system_arguments(parser: argparse.ArgumentParser, workdir: str) -> None:
    """Adds the arguments of the system that was trained in `workdir`."""
    _module(workdirs.read_config(workdir).system).add_arguments(parser)


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    system = workdirs.trained_system(args.workdir)
    _module(system.config.system).run(system, args)


def _module(system: str):
    name = f"tfstory.systems.{system}.generate"
    if importlib.util.find_spec(name) is None:
        raise UserError(
            f"{system} generates nothing; it judges what others have "
            "generated: export it, and name it to tfstory evaluate"
        )
    return importlib.import_module(name)
