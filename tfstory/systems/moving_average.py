"""Weights that follow those of a generator in training, on every replica.

What such an average draws is steadier than what the last step's weights draw
(Yazici et al. 2019, "The Unusual Effectiveness of Averaging in GAN Training").
"""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tfstory.systems import replicas


def update(
    averages: Sequence[keras.Model],
    networks: Sequence[keras.Model],
    decay: float | tf.Tensor,
) -> None:
    """Moves averages towards the networks that they follow, once a step.

    Call it in a replica context, as `train_step` runs in.

    Args:
      averages: networks of the same structure as `networks`.
      networks: the ones in training.
      decay: what stays of an average, from 0 to 1.
    """
    old, new = (
        [weight.value for network in several for weight in network.weights]
        for several in (averages, networks)
    )
    replicas.update(
        old,
        lambda average, value: average + (1.0 - decay) * (value - average),
        new,
    )


def growing_decay(decay: float, steps: tf.Tensor) -> tf.Tensor:
    """Returns a decay that is small at first: noise is soon forgotten.

    Args:
      decay: what it grows to.
      steps: integer scalar, steps of training so far.

    Returns:
      float32 scalar.
    """
    steps = tf.cast(steps, tf.float32)
    return tf.minimum(decay, (1.0 + steps) / (10.0 + steps))
