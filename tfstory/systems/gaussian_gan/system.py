"""GaussianGan: numbers of a Gaussian from uniform ones (seed 002)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfstory import examples
from tfstory.losses import adversarial
from tfstory.metrics import distributions
from tfstory.metrics.ratio import Ratio
from tfstory.systems.gaussian_gan import (
    checks,
    evaluation,
    sheets,
    signatures,
    stages,
)
from tfstory.systems.gaussian_gan.beginning import Beginning
from tfstory.systems.gaussian_gan.model import GaussianModel
from tfstory.systems.gaussian_gan.target import POINTS
from tfstory.systems.stage import StagePlan
from tfstory.systems.system import Batch, System

# What the players' losses are where the discriminator can tell nothing:
# D = 1/2 everywhere (seed document 002, section 2.2, with the signs of what
# is minimised).
_OPTIMA = {
    adversarial.MINIMAX: (2 * math.log(2), -math.log(2)),
    adversarial.NON_SATURATING: (2 * math.log(2), math.log(2)),
}
_DRAWN = 10_000
# Numbers that a served model is asked for, to show that it answers.
_ASKED = 1_000


class GaussianGan(System):
    """Uniform z in, numbers of the target distribution out."""

    ratios: Mapping[str, Ratio] = evaluation.RATIOS
    optional_stages = ("pretraining",)
    animated = True

    def __init__(self, config, vocabulary_path=""):
        super().__init__(config, vocabulary_path)
        self.model = GaussianModel(config.model, config.data.builder)
        curves = 2 if self.model.discriminator.looks_beside else 1
        self.beginning = Beginning(POINTS, curves)

    @classmethod
    def check(cls, config):
        super().check(config)
        checks.check(config)

    @classmethod
    def example_format(cls, config):
        return examples.NUMBERS

    @property
    def networks(self) -> dict[str, keras.layers.Layer]:
        return {**self.model.networks, "beginning": self.beginning}

    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        return {examples.VALUE: tf.cast(batch[examples.VALUE], tf.float32)}

    def adapt(self, batches: Iterable[Batch]) -> None:
        self.beginning.record(self.model)

    def stages(self) -> Sequence[StagePlan]:
        config = self.config.stages
        plans = []
        if config.pretraining.epochs * config.pretraining.epoch_steps:
            plans.append(
                self._plan("pretraining", 1, {}, self._build_pretraining)
            )
        steps = config.adversarial.discriminator_steps
        losses = ("discriminator_loss", "generator_loss")
        best = _OPTIMA.get(config.adversarial.loss, ())
        optima = dict(zip(losses, best, strict=False))
        return [
            *plans,
            self._plan("adversarial", steps, optima, self._build_adversarial),
        ]

    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        return evaluation.sums(batch, self.model)

    def signatures(self) -> dict[str, Any]:
        return signatures.signatures(self.model)

    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        return signatures.request_inputs(batch, self.model.bound)

    def sample_sheet(self, batch: Batch) -> np.ndarray:
        return sheets.sample_sheet(self.model, self.beginning)

    @classmethod
    def comparison_sheet(cls, systems: Mapping[str, System]) -> np.ndarray:
        return sheets.comparison_sheet(
            {title: system.model for title, system in systems.items()}
        )

    @classmethod
    def ask_served(cls, config, example, ask, directory):
        values = ask(
            "generate",
            {
                "num_samples": np.array(_ASKED, np.int32),
                "seed": np.array(config.seed, np.int64),
            },
        )["values"]
        real = example[examples.VALUE]
        (probability,) = ask("discriminate", {"values": np.array([real])})[
            "probability"
        ]
        return (
            f"for {_ASKED} numbers: mean {values.mean():.3f}, standard "
            f"deviation {values.std():.3f}; the held-out {real:.3f} is real "
            f"with a probability of {probability:.3f}"
        )

    def corpus_metrics(self, batches: Iterable[Batch]) -> dict[str, float]:
        """Returns the KS distances of draws and of the data to the truth.

        Of draws as `generate` makes them, where `ks` is of even z; and of the
        held-out data, which have the noise of their number alone.
        """
        seed = tf.constant([self.config.seed, 0], tf.int64)
        draws = self.model.generate(self.model.random_z(_DRAWN, seed))
        data = tf.concat([batch[examples.VALUE] for batch in batches], axis=0)
        return {
            f"ks_of_{name}": float(
                distributions.ks_distance(values, self.model.target.cdf)
            )
            for name, values in (("draws", draws), ("data", data))
        }

    def _build_pretraining(self, steps: int):
        stage = stages.Pretraining(
            self.config.seed, self.model, self.config.stages.adversarial
        )
        return self._compiled(
            stage,
            self.config.stages.pretraining,
            steps,
            self.model.discriminator,
        )

    def _build_adversarial(self, steps: int):
        config = self.config.stages.adversarial
        stage = stages.Adversarial(
            self.config.seed,
            self.model,
            config,
            self.config.model.ema_decay,
            steps,
        )
        return self._compiled(
            stage, config, steps * config.generator_steps, self.model.generator
        )

    @staticmethod
    def _compiled(stage, config, steps, network):
        stage.compile(optimizer=stages.optimizer(config, steps))
        stage.optimizer.build(network.trainable_variables)
        return stage

    def _plan(self, name, parts, optima, build) -> StagePlan:
        config = self.config.stages[name]
        return self.plan(
            name,
            build,
            batch_size=config.batch_size * parts,
            epoch_steps=config.epoch_steps,
            steps_per_execution=config.steps_per_execution,
            optima=optima,
        )
