"""Command-line flags that the pipeline's commands share."""

import argparse
import os
from collections.abc import Sequence

import ml_collections

from tfstory.commands import config_file, options


def data_parser(
    description: str, config: str | None = None, data_dir: str | None = None
) -> argparse.ArgumentParser:
    """Returns a parser with the flags that name config and data.

    Args:
      description: str.
      config: default of `--config`; None requires it.
      data_dir: where `--data_dir` is by default, in words; None requires it.
    """
    result = argparse.ArgumentParser(
        description=description,
        epilog=options.OVERRIDES,
        allow_abbrev=False,
    )
    add = result.add_argument
    _add_place(
        result, "config", "config file, configs/<system>/<dataset>.py", config
    )
    where = "where prepared datasets lie"
    add(
        "--data_dir",
        default="",
        required=data_dir is None,
        help=f"{where} ({data_dir})" if data_dir else where,
    )
    add(
        "--manual_dir",
        default=None,
        help="a dataset's files as its source lays them out",
    )
    return result


def parser(
    description: str,
    config: str | None = None,
    pipeline_root: str | None = None,
) -> argparse.ArgumentParser:
    """Returns a parser with the flags of a pipeline run.

    Args:
      description: str.
      config: default of `--config`; None requires it.
      pipeline_root: default of `--pipeline_root`; None requires it.
    """
    result = data_parser(description, config, "<pipeline_root>/data")
    add = result.add_argument
    _add_place(
        result,
        "pipeline_root",
        "where runs, caches and models go",
        pipeline_root,
    )
    add(
        "--serving_dir",
        default="",
        help="where this model's blessed versions go "
        "(<pipeline_root>/serving/<model_name>)",
    )
    add(
        "--model_name",
        default="",
        help="what the model is called; a run starts from the last blessed "
        "model of its name, and takes its place if it is no worse "
        "(<system>-<dataset>-<frames>-frames-<size>-px-<digest of the "
        "dataset's arguments>)",
    )
    add(
        "--beam_pipeline_args",
        action="append",
        default=[],
        metavar="ARGUMENT",
        help="an argument for Beam (--beam_pipeline_args=--runner=FlinkRunner, "
        "which is not this command's own --runner); may be repeated, and "
        "replaces what a local run gives Beam",
    )
    add(
        "--force",
        action="store_true",
        help="run every component, whatever is cached",
    )
    return result


def _add_place(
    result: argparse.ArgumentParser, flag: str, text: str, default: str | None
) -> None:
    result.add_argument(
        f"--{flag}",
        default=default,
        required=default is None,
        help=text if default is None else f"{text} (%(default)s)",
    )


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
    if not args.data_dir and "pipeline_root" in args:
        args.data_dir = os.path.join(args.pipeline_root, "data")
    if not args.data_dir:
        command.error("--data_dir names no directory")
    return args, config_file.load(args.config, overrides)
