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
      curves: int, decision curves that the model has; see `decisions`.
    """

    def __init__(self, points: int, curves: int):
        super().__init__(name="beginning", trainable=False, dtype="float32")
        self.generated = self.add_weight(
            name="generated", shape=(points,), initializer="zeros"
        )
        self.decisions = self.add_weight(
            name="decisions", shape=(curves, CURVE_POINTS), initializer="zeros"
        )
        self.built = True

    def record(self, model: GaussianModel) -> None:
        """Keeps how the model stands."""
        self.generated.assign(model.quadrature())
        self.decisions.assign(decisions(model))


def curve_points(model: GaussianModel) -> tf.Tensor:
    """Returns where decision curves are drawn, float32 `[CURVE_POINTS]`."""
    low, high = model.shown
    return tf.constant(np.linspace(low, high, CURVE_POINTS, dtype=np.float32))


def decisions(model: GaussianModel) -> tf.Tensor:
    """Returns the decision at `curve_points`, float32 `[1 or 2, CURVE_POINTS]`.

    Beside real numbers; and beside generated ones, where the discriminator
    looks beside.
    """
    points = curve_points(model)
    curves = [model.decide(points)]
    if model.discriminator.looks_beside:
        curves.append(model.decide(points, model.quadrature()))
    return tf.stack(curves)
