"""Optimizers of policies, and steps that they take."""

from collections.abc import Sequence

import keras
import ml_collections
import tensorflow as tf

from tfstory.systems import replicas


def adam(
    rate: float, config: ml_collections.ConfigDict, steps: int
) -> keras.optimizers.Adam:
    """Returns Adam with TensorFlow's defaults, as seed document 002 has it.

    Args:
      rate: float, the learning rate.
      config: of the stage: `cosine_decay`, whether the rate falls along a
        cosine to nothing.
      steps: that it takes in the whole stage.
    """
    if config.cosine_decay:
        rate = keras.optimizers.schedules.CosineDecay(rate, max(1, steps))
    return keras.optimizers.Adam(rate)


def apply(
    optimizer: keras.optimizers.Optimizer,
    tape: tf.GradientTape,
    loss: tf.Tensor,
    variables: Sequence[keras.Variable],
    clip_norm: float,
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
