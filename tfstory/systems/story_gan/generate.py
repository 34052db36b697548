"""`tfstory generate` for StoryGAN: draws your own story."""

import argparse
import pathlib

import tensorflow as tf

from tfstory import pictures, strips
from tfstory.errors import UserError
from tfstory.systems.story_gan.signatures import MAX_FRAMES
from tfstory.systems.system import System


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--story",
        required=True,
        metavar="FILE",
        help="text file in UTF-8, one sentence a line; empty lines are left "
        "out",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="another one draws otherwise"
    )
    parser.add_argument(
        "--out",
        default="story.png",
        metavar="FILE",
        help="strip of the story (default: %(default)s)",
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes the story's strip.

    Raises:
      UserError: the story's file is missing, no text, empty or too long.
    """
    sentences = _read(args.story)
    answer = system.signatures()["generate"](
        sentences=tf.constant([sentences]),
        seed=tf.constant([args.seed], tf.int64),
    )
    drawn = pictures.decode(
        answer["images"][0], system.config.data.image_size
    ).numpy()
    strip = strips.strip(drawn, sentences, generated=[True] * len(sentences))
    tf.io.write_file(args.out, tf.io.encode_png(strip))
    print(f"written to {args.out}")


def _read(path: str) -> list[str]:
    if not pathlib.Path(path).is_file():
        raise UserError(
            f"there is no story {path}; write a text file with one sentence "
            "a line"
        )
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(
            f"{path} is no text in UTF-8; save it as plain text"
        ) from None
    sentences = [line.strip() for line in text.splitlines() if line.strip()]
    if not 0 < len(sentences) <= MAX_FRAMES:
        raise UserError(
            f"{path} has {len(sentences)} sentences; give 1 to {MAX_FRAMES}, "
            "one a line"
        )
    return sentences
