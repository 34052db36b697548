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
) -> None:
    """Takes a step.

    Args:
      optimizer: built for the variables.
      tape: has watched the loss.
      loss: this replica's share, scaled by the optimizer.
      variables: to change.
      clip_norm: longest gradient, of all variables together; 0 has no limit.
    """
    gradients = tape.gradient(loss, variables)
    if clip_norm:
        limit = optimizer.scale_loss(tf.constant(clip_norm, tf.float32))
        gradients = replicas.clip_by_global_norm(gradients, limit)
    optimizer.apply(gradients, variables)
