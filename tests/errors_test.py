"""Errors of the machine, TensorFlow's too, in one line."""

import subprocess
import sys

import pytest
import tensorflow as tf

from tfstory import errors


def _write_into_a_file():
    tf.io.write_file(f"{__file__}/x", "")


@pytest.mark.parametrize(
    "write", [_write_into_a_file, tf.function(_write_into_a_file)]
)
def test_where_in_the_graph_it_was_is_left_out(write):
    with pytest.raises(tf.errors.OpError) as raised:
        write()
    assert errors.in_one_line(raised.value) == f"{__file__}/x; Not a directory"


def test_an_assertion_says_what_it_asserts():
    @tf.function
    def check(value):
        tf.debugging.Assert(value > 1, ["a number is too small"])
        return value

    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        check(tf.constant(1))
    assert errors.in_one_line(raised.value) == "a number is too small"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(28, "No space left on device"), "[Errno 28] No space left"),
        (RuntimeError("one\ntwo"), "one"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_other_errors_keep_their_first_line(error, line):
    assert errors.in_one_line(error).startswith(line)


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (OSError("no"), True),
        (tf.errors.ResourceExhaustedError(None, None, "no room"), True),
        (tf.errors.PermissionDeniedError(None, None, "no right"), True),
        (tf.errors.NotFoundError(None, None, "gone"), True),
        (tf.errors.FailedPreconditionError(None, None, "a folder"), True),
        (tf.errors.InvalidArgumentError(None, None, "a bug"), False),
        (RuntimeError("a bug"), False),
    ],
)
def test_which_errors_are_the_machine_s(error, is_one):
    assert isinstance(error, errors.of_the_machine()) == is_one


def test_tensorflow_is_not_loaded_for_it():
    code = (
        "import sys; from tfstory import errors; errors.of_the_machine(); "
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
