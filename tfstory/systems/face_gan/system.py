"""face_gan: faces from noise (seed document 002, section 3)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfstory import examples
from tfstory.metrics.picture_features import RandomConvolutions
from tfstory.metrics.ratio import Ratio
from tfstory.systems.face_gan import (
    asking,
    checks,
    distances,
    evaluation,
    features,
    sheets,
    signatures,
    stages,
)
from tfstory.systems.face_gan.model import FaceModel
from tfstory.systems.face_gan.statistics import Statistics
from tfstory.systems.stage import StagePlan
from tfstory.systems.system import Batch, System

_STAGE = "adversarial"


class FaceGan(System):
    """A generator and a discriminator of square pictures of one size."""

    ratios: Mapping[str, Ratio] = evaluation.RATIOS
    animated = True

    def __init__(self, config, vocabulary_path):
        super().__init__(config, vocabulary_path)
        size = config.data.image_size
        self.model = FaceModel(config.model, size)
        self.features = RandomConvolutions(size)
        self.statistics = Statistics(size)

    @classmethod
    def check(cls, config):
        super().check(config)
        checks.check(config)

    @classmethod
    def example_format(cls, config) -> examples.ExampleFormat:
        return examples.PICTURES

    @property
    def networks(self) -> dict[str, keras.Model]:
        return {
            **self.model.networks,
            "features": self.features,
            "statistics": self.statistics,
        }

    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        return features.prepare(batch, self.config.data.image_size)

    def adapt(self, batches: Iterable[Batch]) -> None:
        self.statistics.adapt(
            (batch[features.PICTURES] for batch in batches), self.features
        )

    def stages(self) -> Sequence[StagePlan]:
        config = self.config.stages[_STAGE]

        def build(steps: int):
            stage = stages.Adversarial(
                name=_STAGE,
                seed=self.config.seed,
                ratios=self.ratios,
                model=self.model,
                evaluate=self._sums,
                config=config,
                ema_decay=self.config.model.ema_decay,
            )
            stage.make_optimizers()
            return stage

        return [self.plan(_STAGE, build)]

    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        return self._sums(batch, self.model.draw(features.draw_seeds(batch, 0)))

    def signatures(self) -> dict[str, Any]:
        return signatures.signatures(self.model, self.config.data.image_size)

    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        return signatures.request_inputs(batch)

    @classmethod
    def ask_served(cls, config, example, ask, directory):
        return asking.ask_served(config, example, ask, directory)

    def sample_sheet(self, batch: Batch) -> np.ndarray:
        return sheets.sample_sheet(batch, self.model, self.statistics)

    def corpus_metrics(self, batches: Iterable[Batch]) -> dict[str, float]:
        return distances.distances(
            (self.prepare(batch) for batch in batches),
            self.model,
            self.features,
            self.statistics,
            self.config.evaluation.inception_weights,
        )

    def _sums(self, batch: Batch, fake: tf.Tensor) -> dict[str, tf.Tensor]:
        return evaluation.sums(
            batch, fake, self.model, self.features, self.statistics
        )
