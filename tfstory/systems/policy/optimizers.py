"""Optimizers of policies."""

import keras
import ml_collections


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
