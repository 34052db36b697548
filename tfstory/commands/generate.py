"""Makes stories, captions or pictures from your own input.

The arguments after --workdir are those of the system that was trained there;
`tfstory generate --workdir=DIR --help` shows them.
"""

import argparse
import importlib

from tfstory.commands import options
from tfstory.commands import workdir as workdirs


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
    return importlib.import_module(f"tfstory.systems.{system}.generate")
