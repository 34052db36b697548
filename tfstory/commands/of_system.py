"""A command whose arguments and work are the trained system's own."""

import argparse
import importlib
import importlib.util

from tfstory.commands import options
from tfstory.commands import workdir as workdirs
from tfstory.errors import UserError


class OfSystem:
    """What a command's module offers, from a module of the same name.

    `tfstory.systems.<system>.<name>` has `add_arguments(parser)` and
    `run(system, args)`, in the systems that have the command.

    Args:
      name: of the command.
      otherwise: what the other systems do, after their name.
    """

    def __init__(self, name: str, otherwise: str):
        self._name = name
        self._otherwise = otherwise

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's arguments; the system's own follow."""
        options.add_trained_workdir(parser)

    def add_system_arguments(
        self, parser: argparse.ArgumentParser, workdir: str
    ) -> None:
        """Adds the arguments of the system that was trained in `workdir`."""
        system = workdirs.read_config(workdir).system
        self._module(system).add_arguments(parser)

    def run(self, args: argparse.Namespace) -> None:
        """Runs the command."""
        system = workdirs.trained_system(args.workdir)
        self._module(system.config.system).run(system, args)

    def _module(self, system: str):
        module = f"tfstory.systems.{system}.{self._name}"
        if importlib.util.find_spec(module) is None:
            raise UserError(f"{system} {self._otherwise}")
        return importlib.import_module(module)
