"""Locks that vanish with the process that holds them, however it ends."""

import contextlib
import fcntl
import os
import pathlib
from collections.abc import Iterator

from tfstory.errors import UserError


def training(workdir: str | os.PathLike, worker: int = 0):
    """Keeps other processes from training in a work directory.

    Args:
      workdir: the work directory; made where it is missing.
      worker: int, of those of one run, which share its directory.

    Returns:
      A context manager that holds the lock.

    Raises:
      UserError: another process trains there.
    """
    return held(
        pathlib.Path(workdir, f".lock_{worker}"),
        f"another process trains in {workdir}; wait for its end or choose "
        "another work directory",
    )


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
