"""Lists systems, datasets and configs."""

import argparse
import ast
import pathlib

from tfstory.systems import registry as systems


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "--configs",
        default="configs",
        metavar="DIR",
        help="directory of config files (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    from tfstory.datasets import registry as datasets

    print("systems")
    for name in systems.names():
        print(f"  {name}")
    print("datasets")
    for name in datasets.names():
        print(f"  {name}")
    print("configs")
    for path in sorted(pathlib.Path(args.configs).glob("*/*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text())) or ""
        print(f"  {path}: {doc.splitlines()[0] if doc else ''}")
