"""attribute_classifier: names what stands where in a scene.

Which attributes, and in which cells, the dataset's labels say. It judges
generators of such pictures: see `story_gan.attribute_accuracy`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfstory import examples, pictures
from tfstory.datasets import registry as datasets
from tfstory.datasets.scene_builder import SceneBuilder
from tfstory.datasets.scene_labels import SceneLabels
from tfstory.errors import UserError
from tfstory.metrics.ratio import Ratio
from tfstory.systems.attribute_classifier import (
    evaluation,
    features,
    sheets,
    signatures,
)
from tfstory.systems.attribute_classifier.model import CONVOLUTIONS, Classifier
from tfstory.systems.attribute_classifier.stages import Classification
from tfstory.systems.attribute_classifier.statistics import Statistics
from tfstory.systems.checks import one_of
from tfstory.systems.stage import StagePlan
from tfstory.systems.system import Batch, System

_STAGE = "classification"
# The network's map, a quarter as large, has a place for each cell.
_SIZES = (64, 128, 256)


class AttributeClassifier(System):
    """A picture to the shape, colour, ... of what each cell holds."""

    def __init__(self, config, vocabulary_path):
        super().__init__(config, vocabulary_path)
        size = config.data.image_size
        labels = _labels(config)
        self.ratios = self.ratios_of(config)
        self.classifier = Classifier(
            config.model.widths,
            labels.classes,
            labels.across,
            labels.down,
            size,
        )
        self.classifier(tf.zeros([1, size, size, 3]))
        self.statistics = Statistics(labels.classes)
        self._attributes = labels.attributes

    @classmethod
    def check(cls, config):
        super().check(config)
        one_of("data.image_size", config.data.image_size, _SIZES)
        widths = config.model.widths
        if len(widths) != CONVOLUTIONS or min(widths) < 1:
            raise UserError(
                "config.model.widths must be three numbers of channels, such "
                f"as (32, 64, 128), not {tuple(widths)}"
            )
        _labels(config)

    @classmethod
    def ratios_of(cls, config) -> Mapping[str, Ratio]:
        return evaluation.ratios(_labels(config).attributes)

    @classmethod
    def example_format(cls, config) -> examples.ExampleFormat:
        labels = _labels(config)
        return examples.labelled_pictures(labels.cells, len(labels.attributes))

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
            self.classifier, self._attributes, self.config.data.image_size
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
        return sheets.sample_sheet(batch, seen, self._attributes)


def _labels(config) -> SceneLabels:
    name = config.data.dataset
    builder = datasets.get(name)
    if not issubclass(builder, SceneBuilder):
        raise UserError(
            f"config.data.dataset {name!r} has no labelled scenes; choose one "
            "that has, such as shape_scenes"
        )
    return builder.LABELS
