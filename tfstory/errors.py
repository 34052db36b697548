"""Errors that a user can cause and mend, and how they are told."""

import re
import sys
from collections.abc import Callable

from tfstory import interruptions

# Exit code after an error that was told.
FAILED = 1


class UserError(Exception):
    """Says in one line what is wrong and what to do about it.

    Commands print the message without a traceback and exit with code 1.
    """


def guarded(
    name: str,
    command: Callable[[], int],
    trains: bool,
    mistakes: tuple[type[Exception], ...] = (UserError,),
) -> int:
    """Runs a command; says in one line on stderr what ended it early.

    Args:
      name: what the command is called.
      command: returns the exit code.
      trains: whether it goes on from a checkpoint where it was stopped.
      mistakes: errors that a user can mend by their message.

    Returns:
      The exit code: the command's, `FAILED`, or as `interruptions.tell`.
    """
    try:
        with interruptions.sigterm_raises():
            return command()
    except mistakes as error:
        print(f"{name}: {error}", file=sys.stderr)
    # Looked up now: the command has imported TensorFlow, or needed none.
    except of_the_machine() as error:
        print(f"{name}: {in_one_line(error)}", file=sys.stderr)
    except KeyboardInterrupt as interruption:
        return interruptions.tell(name, interruption, trains)
    return FAILED


def of_the_machine() -> tuple[type[Exception], ...]:
    """Returns the errors of a full disk, missing rights, lost files and such.

    Most of them a user can mend by their message. TensorFlow has its own kind
    beside `OSError`.
    """
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return (OSError,)
    kinds = tensorflow.errors
    return (
        OSError,
        kinds.DataLossError,
        # A folder where a file would be written, and the other way round.
        kinds.FailedPreconditionError,
        kinds.NotFoundError,
        kinds.PermissionDeniedError,
        kinds.ResourceExhaustedError,
    )


def in_one_line(error: Exception) -> str:
    """Returns an error's message without what TensorFlow puts around it."""
    text = re.sub(r"\{\{.*?\}\}\s*|\[Op:.*", "", str(error))
    lines = [
        line.strip()
        for line in text.splitlines()
        # Where in the graph it was, indented, and the words before that.
        if line.strip()
        and not line.startswith(
            (" ", "\t", "Graph execution error", "Detected at node")
        )
    ]
    if not lines:
        return type(error).__name__
    assertion = re.fullmatch(r"assertion failed: \[(.*)\]", lines[0])
    return assertion[1] if assertion else lines[0]
