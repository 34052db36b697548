"""Trains all stages of a config's system; resumes what is there.

Killed at any moment and started again with the same words, it ends where an
unbroken run ends. Epochs may be raised to train longer.
"""

import argparse
import os

from tfstory.commands import config_file, options
from tfstory.commands import workdir as workdirs


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
    """Runs the command."""
    from tfstory.training import runner, setup
    from tfstory.training import strategy as strategies

    config = config_file.load(args.config, args.overrides)
    # First of all: collectives of several machines must come before any op.
    strategy = strategies.choose(config)
    os.makedirs(args.workdir, exist_ok=True)
    train = workdirs.load_examples(config, args.data_dir, "train")
    validation = workdirs.load_examples(config, args.data_dir, "validation")
    vocabulary = workdirs.make_vocabulary(args.workdir, config, train)
    system = setup.create(config, strategy, vocabulary)
    runner.train(
        system,
        strategy,
        train,
        validation,
        args.workdir,
        workdirs.describe_data(config, args.data_dir),
    )
    print(
        f"trained: {args.workdir}\n"
        f"  plots and samples: {args.workdir}/plots, {args.workdir}/samples\n"
        f"  watch:    tensorboard --logdir={args.workdir}/logs\n"
        f"  measure:  tfstory evaluate --workdir={args.workdir}\n"
        f"  export:   tfstory export --workdir={args.workdir} --output=DIR"
    )
