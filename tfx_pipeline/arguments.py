"""Command-line flags that the pipeline's commands share."""

import argparse
import os
from collections.abc import Sequence

import ml_collections

from tfstory.commands import config_file


def parser(description: str, **defaults: str) -> argparse.ArgumentParser:
    """Returns a parser with the flags that name config, data and places.

    Args:
      description: str.
      **defaults: of `config` and `pipeline_root`; a flag without one is
        required.
    """
    result = argparse.ArgumentParser(
        description=description,
        epilog="--config.KEY=VALUE overrides a value of the config.",
        allow_abbrev=False,
    )
    add = result.add_argument
    for flag, text in (
        ("config", "config file, configs/<system>/<dataset>.py"),
        ("pipeline_root", "where runs, caches and models go"),
    ):
        add(
            f"--{flag}",
            default=defaults.get(flag),
            required=flag not in defaults,
            help=f"{text} (%(default)s)" if flag in defaults else text,
        )
    add(
        "--data_dir",
        default="",
        help="where prepared datasets lie (<pipeline_root>/data)",
    )
    add(
        "--manual_dir",
        default=None,
        help="a dataset's files as its source lays them out",
    )
    add(
        "--serving_dir",
        default="",
        help="where blessed models go (<pipeline_root>/serving/<system>)",
    )
    add(
        "--beam_pipeline_args",
        action="append",
        default=[],
        help="an argument for Beam, such as --runner=FlinkRunner; may be "
        "repeated, and replaces what a local run gives Beam",
    )
    add(
        "--force",
        action="store_true",
        help="run every component, whatever is cached",
    )
    return result


def parse(
    command: argparse.ArgumentParser, words: Sequence[str] | None
) -> tuple[argparse.Namespace, ml_collections.ConfigDict]:
    """Parses flags and loads the config with its overrides.

    Args:
      command: what `parser` returned.
      words: the command line; None takes the process's.

    Returns:
      The flags, `data_dir` filled in, and the config.

    Raises:
      UserError: the config cannot be loaded.
    """
    args, overrides = command.parse_known_args(words)
    unknown = [word for word in overrides if not word.startswith("--config.")]
    if unknown:
        command.error(f"unrecognized arguments: {' '.join(unknown)}")
    args.data_dir = args.data_dir or os.path.join(args.pipeline_root, "data")
    return args, config_file.load(args.config, overrides)
