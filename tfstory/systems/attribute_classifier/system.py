"""attribute_classifier: names what stands where in shape stories' scenes.

It judges generators of such pictures: see `story_gan.attribute_accuracy`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfstory import examples, pictures
from tfstory.datasets.shape_stories import labels, objects
from tfstory.metrics.ratio import Ratio
from tfstory.systems.attribute_classifier import (
    evaluation,
    features,
    sheets,
    signatures,
)
from tfstory.systems.attribute_classifier.model import Classifier
from tfstory.systems.attribute_classifier.stages import Classification
from tfstory.systems.attribute_classifier.statistics import Statistics
from tfstory.systems.checks import one_of
from tfstory.systems.stage import StagePlan
from tfstory.systems.system import Batch, System

_STAGE = "classification"
_CLASSES = {name: 1 + len(v) for name, v in labels.ATTRIBUTES.items()}
# The network's map, a quarter as large, has a place for each cell.
_SIZES = (64, 128, 256)


class AttributeClassifier(System):
    """A picture to the shape, colour and size of what each cell holds."""

    ratios: Mapping[str, Ratio] = evaluation.ratios(_CLASSES)

    def __init__(self, config, vocabulary_path):
        super().__init__(config, vocabulary_path)
        size = config.data.image_size
        self.classifier = Classifier(
            config.model.widths, _CLASSES, objects.STEPS, size
        )
        self.classifier(tf.zeros([1, size, size, 3]))
        self.statistics = Statistics(_CLASSES)

    @classmethod
    def check(cls, config):
        super().check(config)
        one_of("data.image_size", config.data.image_size, _SIZES)

    @classmethod
    def example_format(cls, config) -> examples.ExampleFormat:
        return examples.labelled_pictures(labels.CELLS, len(labels.ATTRIBUTES))

    @property
    def networks(self) -> dict[str, keras.Model]:
        return {"classifier": self.classifier, "statistics": self.statistics}

    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        return features.prepare(batch, self.config.data.image_size)

    def adapt(self, batches: Iterable[Batch]) -> None:
        self.statistics.adapt(
            np.asarray(batch[examples.LABELS]) for batch in batches
        )

    def stages(self) -> Sequence[StagePlan]:
        config = self.config.stages[_STAGE]

        def build(steps: int):
            return Classification(
                self.classifier,
                name=_STAGE,
                seed=self.config.seed,
                ratios=self.ratios,
                evaluate=self.evaluate,
                learning_rate=config.learning_rate,
                steps=steps,
            )

        return [self.plan(_STAGE, build)]

    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        truth = batch[examples.LABELS]
        return {
            **evaluation.sums(
                self.classifier(pictures.to_unit(batch[features.PICTURES])),
                truth,
            ),
            **evaluation.baseline_sums(
                truth,
                {
                    name: tf.convert_to_tensor(counts)
                    for name, counts in self.statistics.counts.items()
                },
            ),
        }

    def signatures(self) -> dict[str, Any]:
        return signatures.signatures(
            self.classifier, labels.ATTRIBUTES, self.config.data.image_size
        )

    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        return signatures.request_inputs(batch)

    def sample_sheet(self, batch: Batch) -> np.ndarray:
        logits = self.classifier(pictures.to_unit(batch[features.PICTURES]))
        seen = np.stack(
            [np.argmax(part, axis=-1) for part in logits.values()], axis=-1
        )
        return sheets.sample_sheet(batch, seen, labels.ATTRIBUTES)
