"""The classifier's only stage: cross-entropy of every cell."""

from collections.abc import Callable, Mapping

import tensorflow as tf

from tfstory import examples, pictures
from tfstory.metrics.ratio import Ratio
from tfstory.systems import replicas
from tfstory.systems.attribute_classifier.features import PICTURES
from tfstory.systems.attribute_classifier.model import Classifier
from tfstory.systems.stage import Stage


class Classification(Stage):
    """Learns what each cell holds.

    Args:
      name, seed, ratios: as in `Stage`.
      classifier: Classifier.
      evaluate: prepared batch to per-example sums.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        classifier: Classifier,
        evaluate: Callable,
    ):
        super().__init__(name, seed, ratios, {"cross_entropy": 1.0})
        self._classifier = classifier
        self._evaluate = evaluate

    def train_step(self, batch):
        variables = self._classifier.trainable_variables
        with tf.GradientTape() as tape:
            parts = self._parts(batch, training=True)
            scaled = self.optimizer.scale_loss(self.loss_share(parts))
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        return self.update_losses(parts)

    def test_step(self, batch):
        return {
            **self.update_losses(self._parts(batch, training=False)),
            **self.update_ratios(self._evaluate(batch)),
        }

    def _parts(self, batch, training):
        logits = self._classifier(
            pictures.to_unit(batch[PICTURES]), training=training
        )
        return {"cross_entropy": cross_entropy(logits, batch[examples.LABELS])}


def cross_entropy(
    logits: Mapping[str, tf.Tensor], labels: tf.Tensor
) -> replicas.GlobalMean:
    """Returns the mean over cells of the sum over attributes, in nats.

    Args:
      logits: attribute to float `[batch, cells, values]`.
      labels: int64 `[batch, cells, attributes]`.
    """
    return replicas.weighted_mean(
        tf.add_n(
            [
                tf.nn.sparse_softmax_cross_entropy_with_logits(
                    labels[..., index], part
                )
                for index, part in enumerate(logits.values())
            ]
        )
    )
