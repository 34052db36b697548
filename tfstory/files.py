"""Writes files that a user has named."""

import tensorflow as tf

from tfstory.errors import UserError, in_one_line


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
