"""A step of an optimizer along a gradient that may be clipped."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tfstory.systems import replicas


def apply(
    optimizer: keras.optimizers.Optimizer,
    tape: tf.GradientTape,
    loss: tf.Tensor,
    variables: Sequence[keras.Variable],
    clip_norm: float = 0.0,
    beside: Sequence[keras.Variable] = (),
) -> None:
    """Takes a step.

    Args:
      optimizer: built for `variables` and, after them, `beside`.
      tape: has watched the loss.
      loss: this replica's share, scaled by the optimizer.
      variables: to change.
      clip_norm: longest gradient, of all variables together; 0 has no limit.
      beside: further variables to change, whose gradient is not clipped and
        does not count.
    """
    gradients, others = tape.gradient(loss, (list(variables), list(beside)))
    if clip_norm:
        limit = optimizer.scale_loss(tf.constant(clip_norm, tf.float32))
        gradients = replicas.clip_by_global_norm(gradients, limit)
    optimizer.apply([*gradients, *others], [*variables, *beside])
