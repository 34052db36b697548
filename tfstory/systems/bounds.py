"""Refuses numbers that a served model cannot take, in its graph."""

import tensorflow as tf


def within(
    numbers: tf.Tensor, name: str, least: int, most: int
) -> list[tf.Operation]:
    """Returns checks to put before what the numbers are used for.

    Args:
      numbers: integers, any shape.
      name: of the signature's input.
      least: the smallest that works.
      most: the largest that works.
    """
    message = f"{name} must be from {least} to {most}"
    return [
        tf.debugging.assert_greater_equal(
            numbers, tf.cast(least, numbers.dtype), message
        ),
        tf.debugging.assert_less_equal(
            numbers, tf.cast(most, numbers.dtype), message
        ),
    ]


def ways_within(
    ways: tf.Tensor, steps: tf.Tensor, least: int, most: int
) -> list[tf.Operation]:
    """Returns checks to put before ways of some steps each are made.

    Args:
      ways: any tensor with a row a way.
      steps: int32 scalar, of each way.
      least: the fewest steps that work.
      most: the most steps that work, of all ways together.
    """
    # An int32 cannot count all that can be asked for.
    count = tf.shape(ways, tf.int64)[0] * tf.cast(steps, tf.int64)
    return [
        *within(steps, "steps", least, most),
        *within(count, "ways times steps", 0, most),
    ]
