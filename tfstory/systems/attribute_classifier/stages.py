"""The classifier's only stage: cross-entropy of every cell."""

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from tfstory import examples, pictures
from tfstory.systems import replicas
from tfstory.systems.attribute_classifier.features import PICTURES
from tfstory.systems.attribute_classifier.model import Classifier
from tfstory.systems.supervised import Supervised


class Classification(Supervised):
    """Learns what each cell holds.

    Args:
      classifier: Classifier.
      **arguments: of `Supervised`, but for the variables and the loss.
    """

    def __init__(self, classifier: Classifier, **arguments: Any):
        def loss(batch, training):
            shown = pictures.to_unit(batch[PICTURES])
            logits = classifier(shown, training=training)
            return cross_entropy(logits, batch[examples.LABELS])

        super().__init__(
            variables=classifier.trainable_variables,
            loss_name="cross_entropy",
            loss=loss,
            **arguments,
        )


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
