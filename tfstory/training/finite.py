"""Stops training as soon as a number in it is not finite."""

import math
from collections.abc import Mapping

import keras
import tensorflow as tf

from tfstory.errors import UserError


class TrainingError(UserError):
    """Training cannot go on."""


_ADVICE = (
    "lower the learning rate, or look for examples that have no loss; the "
    "last checkpoint holds finite weights"
)


class StopOnNonFinite(keras.callbacks.Callback):
    """Raises `TrainingError` after a step whose losses are not finite.

    Args:
      stage: str, its name.
      first_step: steps of the stage that lie before this `fit`.
    """

    def __init__(self, stage: str, first_step: int):
        super().__init__()
        self._stage = stage
        self._step = first_step

    def on_train_batch_end(self, batch, logs=None):
        self._step += self.model.steps_per_execution
        bad = [k for k, v in (logs or {}).items() if not math.isfinite(v)]
        if bad:
            raise TrainingError(
                f"stage {self._stage}, step {self._step}: {', '.join(bad)} "
                f"is not finite; {_ADVICE}"
            )


def check_weights(
    networks: Mapping[str, keras.layers.Layer], stage: str, step: int
) -> None:
    """Raises `TrainingError` where a weight is not finite."""
    for name, network in networks.items():
        values = [v.value for v in network.weights if v.value.dtype.is_floating]
        if not bool(_all_finite(values)):
            raise TrainingError(
                f"stage {stage}, step {step}: weights of {name} are not "
                f"finite; {_ADVICE}"
            )


def _all_finite(values) -> tf.Tensor:
    return tf.reduce_all(
        [tf.reduce_all(tf.math.is_finite(value)) for value in values]
    )
