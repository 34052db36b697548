"""A readable terminal: one line a component, all else in a log file."""

import contextlib
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator

from absl import logging as absl_logging

from tfstory.errors import UserError

# What TFX's local runner and launcher log; if a version words it otherwise,
# the lines are missing and nothing else changes.
_RUNNING = "Component %s is running."
_FINISHED = "Component %s is finished."
_STARTED = "Going to run a new execution %d"
_CACHED = "A cached execution %d is used."


class ComponentLines(logging.Handler):
    """Prints a line for every component that ends.

    Attributes:
      current: the component that runs, or "".
    """

    def __init__(self):
        super().__init__(logging.INFO)
        self.current = ""
        self._began = 0.0
        self._cached = False

    def emit(self, record: logging.LogRecord) -> None:
        """Looks for the runner's messages among all that is logged."""
        if record.msg == _RUNNING:
            self.current = str(record.args[0])
            self._began = time.monotonic()
            self._cached = False
        elif record.msg == _STARTED and self.current == "Trainer":
            # It prints lines of its own.
            say("  Trainer ...")
        elif record.msg == _CACHED:
            self._cached = True
        elif record.msg == _FINISHED and self.current:
            seconds = time.monotonic() - self._began
            taken = "cached" if self._cached else f"{seconds:.1f} s"
            say(f"  {self.current:<24}{taken:>10}")
            self.current = ""


def say(line: str) -> None:
    """Prints a line at once."""
    print(line, flush=True)


@contextlib.contextmanager
def quiet(log_path: str) -> Iterator[ComponentLines]:
    """Sends logs, warnings and standard error to a file for a while.

    Args:
      log_path: str, the file; lines are appended.

    Yields:
      What prints the components' lines.

    Raises:
      UserError: the file cannot be written.
    """
    try:
        os.makedirs(os.path.dirname(log_path), exist_ok=True)
        log = open(log_path, "a", encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{os.path.dirname(log_path)} cannot be written to: "
            f"{error.strerror}; choose another directory"
        ) from error
    lines = ComponentLines()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    sys.stderr.flush()
    stderr = os.dup(2)
    with log:
        to_file = logging.StreamHandler(log)
        to_file.setFormatter(
            logging.Formatter("%(asctime)s %(levelname).1s %(message)s")
        )
        os.dup2(log.fileno(), 2)
        root.handlers[:] = [to_file, lines]
        root.setLevel(logging.INFO)
        # Or absl would raise the level again whenever one of its users asks.
        verbosity = absl_logging.get_verbosity()
        absl_logging.set_verbosity(absl_logging.INFO)
        with warnings.catch_warnings():
            logging.captureWarnings(True)
            try:
                yield lines
            finally:
                logging.captureWarnings(False)
                absl_logging.set_verbosity(verbosity)
                sys.stderr.flush()
                os.dup2(stderr, 2)
                os.close(stderr)
                root.handlers[:], level = before
                root.setLevel(level)
