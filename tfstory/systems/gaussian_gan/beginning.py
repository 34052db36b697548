"""How a model stood before it learnt, for pictures of before and after."""

import keras
import numpy as np
import tensorflow as tf

from tfstory.systems.gaussian_gan.model import GaussianModel

# Points of a density and of a decision curve.
CURVE_POINTS = 201


class Beginning(keras.layers.Layer):
    """What was generated and decided before any learning, as weights.

    Args:
      points: int, generated numbers that are kept.
    """

    def __init__(self, points: int):
        super().__init__(name="beginning", trainable=False, dtype="float32")
        self.generated = self.add_weight(
            name="generated", shape=(points,), initializer="zeros"
        )
        self.decision = self.add_weight(
            name="decision", shape=(CURVE_POINTS,), initializer="zeros"
        )
        self.built = True

    def record(self, model: GaussianModel) -> None:
        """Keeps how the model stands."""
        self.generated.assign(model.quadrature())
        self.decision.assign(model.decide(curve_points(model)))


def curve_points(model: GaussianModel) -> tf.Tensor:
    """Returns where decision curves are drawn, float32 `[CURVE_POINTS]`."""
    low, high = model.shown
    return tf.constant(np.linspace(low, high, CURVE_POINTS, dtype=np.float32))
