"""Locks that vanish with the process that holds them, however it ends."""

import contextlib
import fcntl
import os
import pathlib
from collections.abc import Iterator

from tfstory.errors import UserError


@contextlib.contextmanager
def held(path: str | os.PathLike, refusal: str = "") -> Iterator[None]:
    """Keeps others that ask for the same lock out for a while.

    Args:
      path: the lock's file; made with its directory, and left there.
      refusal: what to say where the lock is taken; "" waits for it.

    Raises:
      UserError: the lock is taken, and there is a refusal.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if refusal else 0))
        except BlockingIOError:
            raise UserError(refusal) from None
        yield
