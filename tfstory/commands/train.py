"""Trains all stages of a config's system; resumes what is there."""

import argparse
import os

from tfstory.commands import config_file
from tfstory.commands import workdir as workdirs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("--config", required=True, help="config file")
    parser.add_argument(
        "--workdir", required=True, help="where the run's results go"
    )
    parser.add_argument(
        "--data_dir", default="data", help="where prepared datasets lie"
    )


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    import keras

    from tfstory.systems import registry
    from tfstory.training import precision, runner
    from tfstory.training import strategy as strategies

    config = config_file.load(args.config, args.overrides)
    # First of all: collectives of several machines must come before any op.
    strategy = strategies.choose(config)
    os.makedirs(args.workdir, exist_ok=True)
    train = workdirs.load_examples(config, args.data_dir, "train")
    validation = workdirs.load_examples(config, args.data_dir, "validation")
    vocabulary = workdirs.make_vocabulary(args.workdir, config, train)
    precision.configure(config)
    keras.utils.set_random_seed(config.seed)
    with strategy.scope():
        system = registry.create(config, vocabulary)
    runner.train(system, strategy, train, validation, args.workdir)
    print(
        f"trained: {args.workdir}\n"
        f"  plots and samples: {args.workdir}/plots, {args.workdir}/samples\n"
        f"  watch:    tensorboard --logdir={args.workdir}/logs\n"
        f"  measure:  tfstory evaluate --workdir={args.workdir}\n"
        f"  export:   tfstory export --workdir={args.workdir} --output=DIR"
    )
