"""A stage that learns by one loss."""

from collections.abc import Callable, Mapping, Sequence

import keras
import tensorflow as tf

from tfstory.metrics.ratio import Ratio
from tfstory.systems import descent, replicas
from tfstory.systems.stage import Stage


class Supervised(Stage):
    """Steps of Adam, whose rate falls along a cosine to nothing.

    Args:
      name, seed, ratios: as in `Stage`.
      variables: what is trained.
      loss_name: str.
      loss: prepared batch, and whether it is for training, to the loss.
      evaluate: prepared batch to per-example sums.
      learning_rate: float, to begin with.
      steps: int, of the whole stage.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        variables: Sequence[keras.Variable],
        loss_name: str,
        loss: Callable[[Mapping[str, tf.Tensor], bool], replicas.GlobalMean],
        evaluate: Callable,
        learning_rate: float,
        steps: int,
    ):
        super().__init__(name, seed, ratios, {loss_name: 1.0})
        self._trained = variables
        self._loss_name = loss_name
        self._loss_of = loss
        self._evaluate = evaluate
        rate = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
        self.compile(optimizer=keras.optimizers.Adam(rate))
        self.optimizer.build(variables)

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            parts = {self._loss_name: self._loss_of(batch, True)}
            scaled = self.optimizer.scale_loss(self.loss_share(parts))
        descent.apply(self.optimizer, tape, scaled, self._trained)
        return self.update_losses(parts)

    def test_step(self, batch):
        parts = {self._loss_name: self._loss_of(batch, False)}
        return {
            **self.update_losses(parts),
            **self.update_ratios(self._evaluate(batch)),
        }
