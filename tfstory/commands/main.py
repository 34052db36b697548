"""The `tfstory` command."""

import argparse
import importlib
import logging
import os
import sys
import warnings

import absl.logging

from tfstory import errors

# Each is a module with a docstring, `add_arguments(parser)` and `run(args)`;
# only the one that is called is imported. What a command cannot parse itself
# (`--config.KEY=VALUE`) reaches it as `args.overrides`.
_COMMANDS = {
    "list": "systems, datasets and configs",
    "prepare": "builds a dataset",
    "train": "trains all stages, resumes what is there",
    "sweep": "trains and measures a config with several seeds and variants",
    "evaluate": "prints a run's metrics beside the trivial baselines",
    "generate": "makes stories, pictures, text, melodies or numbers",
    "score": "tells how likely your own text is to a trained model",
    "export": "writes the SavedModel as the next version of a directory",
    "benchmark": "measures training steps and the input that feeds them",
}
_WAY_THROUGH = """\
a way through, on the built-in shape stories:
  tfstory train --config=configs/story_reasoning/shapes.py --workdir=runs/shapes
  tfstory evaluate --workdir=runs/shapes
  tfstory generate --workdir=runs/shapes --help
  tfstory export --workdir=runs/shapes --output=models/story_reasoning

`tfstory COMMAND --help` tells of a command's options.
"""
# What else a command takes, by its beginning.
_OVERRIDES = {
    "prepare": ("--builder.",),
    "train": ("--config.",),
    "evaluate": ("--config.evaluation.",),
    "sweep": ("--config.",),
    "benchmark": ("--config.",),
}


def main(argv: list[str] | None = None) -> int:
    """Runs one subcommand; returns the exit code."""
    _quieten_libraries()
    words = (sys.argv[1:] if argv is None else argv) or ["--help"]
    name = next((w for w in words if not w.startswith("-")), None)
    return errors.guarded(
        f"tfstory {name}",
        lambda: _run(words, name),
        trains=name in ("train", "sweep"),
    )


def _run(words: list[str], name: str | None) -> int:
    args = _parse(words, name)
    args.run(args)
    return 0


def _quieten_libraries() -> None:
    """Keeps notices that no user can act on out of the output."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warnings.filterwarnings("ignore", category=FutureWarning)
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    absl.logging.set_verbosity(absl.logging.ERROR)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    # What tfstory itself says is shown.
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    log = logging.getLogger("tfstory")
    log.setLevel(logging.INFO)
    log.handlers = [handler]
    log.propagate = False


def _parse(words: list[str], name: str | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tfstory",
        description="Adversarial and multimodal story models.",
        epilog=_WAY_THROUGH,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    called = parser
    for command, summary in _COMMANDS.items():
        subparser = commands.add_parser(
            command, help=summary, allow_abbrev=False
        )
        if command == name:
            called = subparser
            module = importlib.import_module(f"tfstory.commands.{command}")
            subparser.description = module.__doc__
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
            if hasattr(module, "add_system_arguments"):
                _add_system_arguments(module, subparser, words)
    args, overrides = parser.parse_known_args(words)
    allowed = _OVERRIDES.get(name, ())
    unknown = [w for w in overrides if not w.startswith(allowed)]
    if unknown:
        called.error(f"unrecognized arguments: {' '.join(unknown)}")
    args.overrides = overrides
    return args


def _add_system_arguments(module, subparser, words: list[str]) -> None:
    """Adds what the workdir's system takes; the workdir must be known first."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--workdir")
    workdir = early.parse_known_args(words)[0].workdir
    if workdir:
        module.add_system_arguments(subparser, workdir)


if __name__ == "__main__":
    sys.exit(main())
