"""Reads and writes files that a user has named."""

import pathlib

import tensorflow as tf

from tfstory.errors import UserError, in_one_line


def read_lines(path: str) -> list[str]:
    """Returns a text file's lines, less blanks around them and blank ones.

    Raises:
      UserError: there is no such file, it is no UTF-8, or all lines are blank.
    """
    if not pathlib.Path(path).is_file():
        raise UserError(
            f"there is no file {path}; write a text file with one sentence a "
            "line"
        )
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(
            f"{path} is no text in UTF-8; save it as plain text"
        ) from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
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
