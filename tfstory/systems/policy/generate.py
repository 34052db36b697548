"""`tfstory generate` for policies: text or melodies by the dozen."""

import argparse
import pathlib

import tensorflow as tf

from tfstory import files
from tfstory.errors import UserError
from tfstory.music import midi
from tfstory.systems import arguments
from tfstory.systems.policy import signatures
from tfstory.systems.system import System

# Sequences that are printed; the file has them all.
_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--count",
        type=arguments.within("--count", 1, signatures.MOST_SAMPLES),
        default=16,
        help="sequences (default: %(default)s)",
    )
    parser.add_argument(
        "--temperature",
        type=arguments.temperature,
        default=1.0,
        help="0 takes the likeliest token (default: %(default)s)",
    )
    parser.add_argument(
        "--top_p",
        type=arguments.top_p,
        default=1.0,
        help="share of the probability to draw from (default: %(default)s)",
    )
    arguments.add_seed(parser)
    parser.add_argument(
        "--max_length",
        type=int,
        metavar="TOKENS",
        help="cut longer sequences (default: as long as the model knows)",
    )
    parser.add_argument(
        "--out",
        default="samples.txt",
        help="text file, a sequence a line (default: %(default)s)",
    )
    parser.add_argument(
        "--midi",
        metavar="DIR",
        default="",
        help="of melodies, also write DIR/000.mid and so on",
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes the sequences, and shows the first.

    Raises:
      UserError: they cannot be so long, or are no melodies.
    """
    longest = system.codec.length
    max_length = longest if args.max_length is None else args.max_length
    arguments.check_within("--max_length", max_length, 1, longest)
    if args.midi and not system.writes_melodies(system.config):
        raise UserError(
            f"--midi: what the model writes is no music: it has learnt from "
            f"{system.config.data.dataset}"
        )
    answer = system.signatures()["generate"](
        num_samples=tf.constant(args.count),
        temperature=tf.constant(args.temperature),
        top_p=tf.constant(args.top_p),
        seed=tf.constant(args.seed, tf.int64),
        max_length=tf.constant(max_length),
    )
    text = answer["text"].numpy().tolist()
    files.write(args.out, b"\n".join(text) + b"\n")
    nats = float(tf.reduce_mean(answer["log_probability"]))
    for line in text[:_SHOWN]:
        print(f"  {line.decode()}")
    print(
        f"{args.count} sequences, {nats:.1f} nats of log-probability in the "
        f"mean, written to {args.out}"
    )
    if args.midi:
        directory = pathlib.Path(args.midi)
        directory.mkdir(parents=True, exist_ok=True)
        for number, tokens in enumerate(answer["tokens"].numpy()):
            midi.write(directory / f"{number:03d}.mid", tokens)
        print(f"and as melodies to {directory}")
