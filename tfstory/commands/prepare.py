"""Builds a dataset: reads its source, leaves out what is bad, and splits."""

import argparse

from absl import logging

from tfstory.commands import options
from tfstory.datasets import arguments
from tfstory.datasets import report as report_lib


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's own arguments; `--builder.*` come as overrides."""
    parser.add_argument(
        "--dataset",
        required=True,
        metavar="NAME",
        help="one of those that `tfstory list` names",
    )
    options.add_data_dir(parser)
    parser.add_argument(
        "--manual_dir",
        metavar="DIR",
        help="the source's files as the source lays them out, zipped or not; "
        "without it they are downloaded where the source allows it",
    )
    parser.epilog = (
        "--builder.NAME=VALUE sets an argument of the dataset, such as "
        "--builder.image_size=128 of shape_stories"
    )


def run(args: argparse.Namespace) -> None:
    """Prepares the dataset and prints what became of its examples.

    Raises:
      UserError: as `tfstory.datasets.prepare.prepare`.
    """
    # Here, for `--help` to be quick.
    from tfstory.datasets.prepare import prepare

    logging.set_verbosity(logging.ERROR)  # The report says what matters.
    builder = prepare(
        args.dataset,
        args.data_dir,
        args.manual_dir,
        arguments.parse(args.overrides),
    )
    for line in report_lib.lines(report_lib.read(builder.data_dir)):
        print(line)
    print(f"prepared in {builder.data_dir}")
