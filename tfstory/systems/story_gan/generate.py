"""`tfstory generate` for StoryGAN: draws your own stories."""

import argparse

import tensorflow as tf

from tfstory import files, pictures, strips
from tfstory.errors import UserError
from tfstory.systems import arguments, unread
from tfstory.systems.story_gan.signatures import MAX_FRAMES
from tfstory.systems.system import System


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--story",
        required=True,
        nargs="+",
        metavar="FILE",
        help="text file in UTF-8, one sentence a line; empty lines are left "
        "out; of several, each is drawn in a row of its own",
    )
    parser.add_argument(
        "--seed",
        type=arguments.seed,
        nargs="+",
        default=[0],
        help="another one draws otherwise; of several, each story is drawn "
        "with each",
    )
    parser.add_argument(
        "--out",
        default="story.png",
        metavar="FILE",
        help="strip of the story, or sheet of all (default: %(default)s)",
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes the story's strip, or a sheet of several.

    Raises:
      UserError: the story's file is missing, no text, empty or too long.
    """
    told = [(path, _read(path)) for path in args.story]
    unread.warn(
        system.tokenizer,
        (sentence for _, sentences in told for sentence in sentences),
    )
    draw = system.signatures()["generate"]
    rows = {
        f"{path}, seed {seed}": _strip(system, draw, sentences, seed)
        for path, sentences in told
        for seed in args.seed
    }
    labels, drawn = list(rows), list(rows.values())
    sheet = strips.sheet(drawn, labels) if len(rows) > 1 else drawn[0]
    files.write(args.out, tf.io.encode_png(sheet))
    print(f"written to {args.out}")


def _strip(system, draw, sentences, seed):
    answer = draw(
        sentences=tf.constant([sentences]), seed=tf.constant([seed], tf.int64)
    )
    size = system.config.data.image_size
    drawn = pictures.decode(answer["images"][0], size).numpy()
    return strips.strip(drawn, sentences, generated=[True] * len(sentences))


def _read(path: str) -> list[str]:
    sentences = list(files.read_lines(path).values())
    if len(sentences) > MAX_FRAMES:
        raise UserError(
            f"{path} has {len(sentences)} sentences; give 1 to {MAX_FRAMES}, "
            "one a line"
        )
    return sentences
