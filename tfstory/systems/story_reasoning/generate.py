"""`tfstory generate` for StoryReasoning: goes on with your own story."""

import argparse
import pathlib

import tensorflow as tf

from tfstory import files, pictures, strips
from tfstory.errors import UserError, in_one_line
from tfstory.systems import arguments, unread
from tfstory.systems.system import System

# More in one strip is a mistake rather than a wish.
_MOST_FRAMES = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--frames", nargs="+", required=True, help="picture files, in order"
    )
    parser.add_argument(
        "--sentences", nargs="+", required=True, help="one a picture"
    )
    parser.add_argument(
        "--count",
        type=arguments.within("--count", 1, _MOST_FRAMES),
        default=1,
        help="frames to go on by",
    )
    parser.add_argument(
        "--temperature",
        type=arguments.temperature,
        default=0.0,
        help="0: likeliest words",
    )
    arguments.add_seed(parser)
    parser.add_argument(
        "--out", default="story.png", help="strip of the whole story"
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes the story's strip and prints the new captions.

    Raises:
      UserError: the number of pictures or sentences is wrong, or a picture
        is missing or cannot be decoded.
    """
    context = system.config.data.frames - 1
    if len(args.frames) < context or len(args.frames) != len(args.sentences):
        raise UserError(
            f"give {context} or more pictures and as many sentences; got "
            f"{len(args.frames)} pictures and {len(args.sentences)} sentences"
        )
    images = [
        _read(path, system.config.data.image_size) for path in args.frames
    ]
    sentences = list(args.sentences)
    unread.warn(system.tokenizer, sentences[-context:])
    predict_next = system.signatures()["predict_next"]
    for step in range(args.count):
        answer = predict_next(
            images=tf.constant([images[-context:]]),
            sentences=tf.constant([sentences[-context:]]),
            temperature=tf.constant([args.temperature]),
            seed=tf.constant([args.seed + step], tf.int64),
        )
        images.append(answer["image"].numpy()[0])
        sentences.append(answer["caption"].numpy()[0].decode())
        log_probability = float(answer["log_probability"][0])
        print(f"{sentences[-1]}  (log-probability {log_probability:.2f})")
    decoded = pictures.decode(
        tf.constant(images), system.config.data.image_size
    ).numpy()
    generated = [index >= len(args.frames) for index in range(len(images))]
    strip = strips.strip(decoded, sentences, generated=generated)
    files.write(args.out, tf.io.encode_png(strip))
    print(f"written to {args.out}")


def _read(path: str, size: int) -> bytes:
    if not pathlib.Path(path).is_file():
        raise UserError(f"there is no picture {path}")
    content = pathlib.Path(path).read_bytes()
    try:
        # As a graph: run eagerly, its assertions tell of tensors.
        tf.function(pictures.decode)(tf.constant([content]), size)
    except tf.errors.InvalidArgumentError as error:
        raise UserError(
            f"{path} is no picture that can be read; give PNG or JPEG "
            f"({in_one_line(error)})"
        ) from None
    return content
