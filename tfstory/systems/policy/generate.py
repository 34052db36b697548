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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--count", type=int, default=16, help="sequences (default: %(default)s)"
    )
    parser.add_argument(
        "--temperature",
        type=float,
        default=1.0,
        help="0 takes the likeliest token (default: %(default)s)",
    )
    parser.add_argument(
        "--top_p",
        type=float,
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
        "--out", default="samples.txt", help="text file, a sequence a line"
    )
    parser.add_argument(
        "--midi",
        metavar="DIR",
        default="",
        help="of melodies, also write DIR/000.mid and so on",
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes the sequences.

    Raises:
      UserError: there cannot be so many, or they are no melodies; or the
        temperature or the share of the probability is out of range.
    """
    arguments.check_within("--count", args.count, 1, signatures.MOST_SAMPLES)
    if not 0 < args.top_p <= 1:
        raise UserError(
            f"--top_p must be above 0 and at most 1, not {args.top_p}"
        )
    arguments.check_temperature(args.temperature)
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
    print(
        f"{args.count} sequences, {nats:.1f} nats of log-probability each, "
        f"written to {args.out}"
    )
    if args.midi:
        directory = pathlib.Path(args.midi)
        directory.mkdir(parents=True, exist_ok=True)
        for number, tokens in enumerate(answer["tokens"].numpy()):
            midi.write(directory / f"{number:03d}.mid", tokens)
        print(f"and as melodies to {directory}")
