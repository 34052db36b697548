"""Reads and writes files that a user has named."""

import pathlib

import tensorflow as tf

from tfstory.datasets import texts
from tfstory.datasets.candidates import BadExample
from tfstory.errors import UserError, in_one_line


def read_lines(path: str) -> dict[int, str]:
    """Returns a text file's lines by their numbers, but for blank ones.

    As `tfstory prepare` reads them: runs of white space become one blank.

    Raises:
      UserError: there is no such file, it is no UTF-8, or all lines are blank.
    """
    if not pathlib.Path(path).is_file():
        raise UserError(
            f"there is no file {path}; write a text file with one sentence a "
            "line"
        )
    lines = {}
    # Of bytes: of text, there are other ends of lines too.
    for number, line in enumerate(
        pathlib.Path(path).read_bytes().splitlines(), 1
    ):
        try:
            text = texts.checked(line)
        except BadExample:
            raise UserError(
                f"{path} is no text in UTF-8 (line {number}); save it as plain "
                "text"
            ) from None
        if text:
            lines[number] = text
    if not lines:
        raise UserError(f"{path} is empty; write one sentence a line")
    return lines


def write(path: str, content: bytes | str | tf.Tensor) -> None:
    """Writes a file, and the folders above it where they are missing.

    Args:
      path: of the file, in any file system that TensorFlow knows.
      content: bytes, or a string scalar.

    Raises:
      UserError: it cannot be written, as where a folder has its name.
    """
    try:
        tf.io.write_file(path, content)
    except (OSError, tf.errors.OpError) as error:
        raise UserError(
            f"cannot write to {path} ({in_one_line(error)}); name another file"
        ) from None
