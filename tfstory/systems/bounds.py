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
