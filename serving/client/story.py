"""The command `story`: has a StoryGAN model draw a story."""

import argparse
import pathlib

from serving.arguments import int64
from serving.client import command_outputs
from serving.client.client import Client
from serving.client.command_inputs import read_file
from serving.errors import ServingError

SIGNATURE = "generate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's flags."""
    add = parser.add_argument
    add(
        "--story",
        required=True,
        metavar="FILE",
        help="text in UTF-8, one sentence a line; empty lines are left out",
    )
    add(
        "--seed",
        type=int64,
        default=0,
        metavar="N",
        help="another one draws otherwise (%(default)s)",
    )
    add(
        "--out",
        required=True,
        metavar="FILE",
        help="where to write the pictures, PNGs: story.png, or story-0.png, "
        "story-1.png, ... of several sentences",
    )


def run(client: Client, arguments: argparse.Namespace) -> None:
    """Writes a picture for each sentence, and prints where.

    Raises:
        ServingError: the model draws no stories, a file cannot be read or
            written or has no sentence, or the server's status.
    """
    sentences = _sentences(arguments.story)
    signature = client.metadata().signatures.get(SIGNATURE)
    if signature is None or "sentences" not in signature.inputs:
        raise ServingError(
            "the model draws no stories from sentences, as those of StoryGAN "
            "do; name such a one with --model"
        )
    outputs = client.predict(
        SIGNATURE, {"sentences": [sentences], "seed": [arguments.seed]}
    )
    written = command_outputs.save(
        outputs["images"][0], pathlib.Path(arguments.out)
    )
    for sentence, path in zip(sentences, written, strict=True):
        print(f"{path}: {sentence}")


def _sentences(path: str) -> list[str]:
    try:
        lines = read_file(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ServingError(
            f"{path} is no text in UTF-8; save it as plain text"
        ) from None
    sentences = [line.strip() for line in lines if line.strip()]
    if not sentences:
        raise ServingError(f"{path} has no sentence; write one a line")
    return sentences
