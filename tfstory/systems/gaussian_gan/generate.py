"""`tfstory generate` for GaussianGan: numbers, and a picture of them."""

import argparse

import tensorflow as tf

from tfstory import files
from tfstory.systems import arguments
from tfstory.systems.gaussian_gan import sheets
from tfstory.systems.gaussian_gan.signatures import MOST_SAMPLES
from tfstory.systems.system import System


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--count",
        type=arguments.within("--count", 1, MOST_SAMPLES),
        default=1_000,
        help="numbers to generate",
    )
    arguments.add_seed(parser)
    parser.add_argument(
        "--out", default="values.txt", help="text file, a number a line"
    )
    parser.add_argument(
        "--histogram",
        default="histogram.png",
        help="picture of their density beside the true one",
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes the numbers and their histogram."""
    answer = system.signatures()["generate"](
        num_samples=tf.constant(args.count),
        seed=tf.constant(args.seed, tf.int64),
    )
    values = answer["values"].numpy()
    files.write(args.out, "".join(f"{value:.7g}\n" for value in values))
    picture = sheets.histogram(values, system.model)
    files.write(args.histogram, tf.io.encode_png(picture))
    print(
        f"{args.count} numbers, mean {values.mean():.4f}, standard deviation "
        f"{values.std():.4f}\nwritten to {args.out} and {args.histogram}"
    )
