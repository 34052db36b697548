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
    paths = sorted(pathlib.Path(args.configs).glob("*/*.py"))
    for path in paths:
        print(f"  {path}: {_first_line(path)}")
    if not paths:
        print(f"  none in {args.configs}; --configs names their directory")


def _first_line(path: pathlib.Path) -> str:
    """Returns how a config's docstring begins, or why it cannot be read."""
    try:
        doc = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    except (SyntaxError, ValueError) as error:
        return f"cannot be read: {error}"
    return doc.partition("\n")[0]
