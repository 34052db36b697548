"""What stops a command from outside: Ctrl-C, and a scheduler's SIGTERM."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

_GOES_ON = "the same command goes on from the last checkpoint"
# A shell's 128 and the signal's number.
_INTERRUPTED = 128 + signal.SIGINT
_TERMINATED = 128 + signal.SIGTERM


class Terminated(KeyboardInterrupt):
    """A SIGTERM; files are closed and locks let go as after Ctrl-C."""


@contextlib.contextmanager
def sigterm_raises() -> Iterator[None]:
    """Has SIGTERM raise `Terminated`, where this is the main thread.

    Without that a process dies without a word; as the first one in a
    container it does not even do that, and is killed after the grace period.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def terminate(number, frame):
        del number, frame
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        # None where it was no handler of Python's.
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def tell(name: str, interruption: KeyboardInterrupt, trains: bool) -> int:
    """Says on stderr that a command was stopped.

    Args:
      name: what the command is called.
      interruption: what was raised.
      trains: whether it goes on from a checkpoint.

    Returns:
      The exit code: 143 after SIGTERM, 130 after Ctrl-C.
    """
    is_terminated = isinstance(interruption, Terminated)
    word = "terminated" if is_terminated else "interrupted"
    goes_on = f"; {_GOES_ON}" if trains else ""
    print(f"\n{name}: {word}{goes_on}", file=sys.stderr)
    return _TERMINATED if is_terminated else _INTERRUPTED
