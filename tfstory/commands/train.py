"""Trains all stages of a config's system; resumes what is there.

Killed at any moment and started again with the same words, it ends where an
unbroken run ends. Epochs may be raised to train longer, but not those of a
stage that others have followed. One process at a time trains in a work
directory.
"""

import argparse
import pathlib
from typing import Any

from tfstory import locks
from tfstory.commands import config_file, options
from tfstory.commands import workdir as workdirs
from tfstory.systems import registry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    options.add_config(parser)
    parser.add_argument(
        "--workdir",
        required=True,
        metavar="DIR",
        help="where the run's results go; a run that is there goes on",
    )
    options.add_data_dir(parser)


def run(args: argparse.Namespace) -> None:
    """Runs the command.

    Raises:
      UserError: as `train`.
    """
    config = config_file.load(args.config, args.overrides)
    train(config, args.workdir, args.data_dir)
    where = f"--workdir={args.workdir} --data_dir={args.data_dir}"
    print(
        f"trained: {args.workdir}\n"
        f"  plots and samples: {args.workdir}/plots, {args.workdir}/samples\n"
        f"  watch:    tensorboard --logdir={args.workdir}/logs\n"
        f"  measure:  tfstory evaluate {where}\n"
        f"  export:   tfstory export {where} --output=DIR"
    )


def train(config, workdir: str, data_dir: str) -> list[dict[str, Any]]:
    """Trains a config in a work directory, or goes on there.

    Args:
      config: the run's config.
      workdir: str, where the run's results go.
      data_dir: str, where prepared datasets lie.

    Returns:
      The rows of the history.

    Raises:
      UserError: another process trains in the work directory; and as
        `tfstory.training.runner.train`.
    """
    from tfstory.training import strategy as strategies

    # First of all: collectives of several machines must come before any op.
    strategy = strategies.choose(config)
    registry.get(config.system).check(config)
    with locks.training(workdir, strategies.worker_id(strategy)):
        return _train(config, strategy, workdir, data_dir)


def _train(config, strategy, workdir, data_dir):
    from tfstory.training import resumption, runner, setup

    # Before data are prepared that the run would not go on with.
    resumption.raised_stages(pathlib.Path(workdir), config)
    examples = workdirs.load_examples(config, data_dir, "train")
    validation = workdirs.load_examples(config, data_dir, "validation")
    vocabulary = workdirs.make_vocabulary(workdir, config, examples)
    system = setup.create(config, strategy, vocabulary)
    resumption.check_raised(
        pathlib.Path(workdir), config, [plan.name for plan in system.stages()]
    )
    return runner.train(
        system,
        strategy,
        examples,
        validation,
        workdir,
        workdirs.describe_data(config, data_dir),
    )
