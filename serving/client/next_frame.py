"""The command `next`: asks a StoryReasoning model how a story goes on."""

import argparse
import pathlib

from serving.arguments import int64
from serving.client.client import Client
from serving.client.command_inputs import read_file
from serving.client.command_outputs import write_file
from serving.errors import ServingError

SIGNATURE = "predict_next"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    add = parser.add_argument
    add(
        "--frames",
        nargs="+",
        required=True,
        metavar="FILE",
        help="pictures of the story so far, oldest first",
    )
    add(
        "--sentences",
        nargs="+",
        required=True,
        metavar="TEXT",
        help="a sentence for each picture",
    )
    add(
        "--seed",
        type=int64,
        default=0,
        metavar="N",
        help="the same seed gives the same answer (%(default)s)",
    )
    add(
        "--temperature",
        type=float,
        default=0.0,
        metavar="T",
        help="of the caption's words; 0 takes the likeliest (%(default)s)",
    )
    add(
        "--out",
        required=True,
        metavar="FILE",
        help="where to write the next picture, a PNG",
    )


def run(client: Client, arguments: argparse.Namespace) -> None:
    """Prints the caption and its log-probability, and writes the picture.

    Raises:
        ServingError: the story does not fit the model, a file cannot be read
            or written, or the server's status.
    """
    frames, sentences = arguments.frames, arguments.sentences
    if len(frames) != len(sentences):
        raise ServingError(
            f"{len(frames)} frames and {len(sentences)} sentences; give one "
            "sentence for each frame"
        )
    pictures = [read_file(path) for path in frames]
    _check_length(client, len(frames))
    outputs = client.predict(
        SIGNATURE,
        {
            "images": [pictures],
            "sentences": [sentences],
            "temperature": [arguments.temperature],
            "seed": [arguments.seed],
        },
    )
    write_file(pathlib.Path(arguments.out), outputs["image"][0])
    print(f"caption: {outputs['caption'][0].decode('utf-8', 'replace')}")
    print(f"log_probability: {outputs['log_probability'][0]:.4f}")
    print(f"image: {arguments.out}")


def _check_length(client: Client, frames: int) -> None:
    signatures = client.metadata().signatures
    if SIGNATURE not in signatures:
        raise ServingError(
            f"the model has no signature {SIGNATURE}; it has "
            f"{', '.join(signatures) or 'none'}"
        )
    images = signatures[SIGNATURE].inputs.get("images")
    if images is None or images.shape is None or len(images.shape) != 2:
        return
    wanted = images.shape[1]
    if wanted not in (-1, frames):
        raise ServingError(
            f"the model goes on from {wanted} frames, got {frames}"
        )
