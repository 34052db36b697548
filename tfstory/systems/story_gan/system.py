"""StoryGAN: a story in sentences to a sequence of pictures (seed 000)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfstory import stories
from tfstory.metrics.ratio import Ratio
from tfstory.systems import features, weights
from tfstory.systems.stage import StagePlan
from tfstory.systems.story_gan import (
    asking,
    attribute_accuracy,
    checks,
    distances,
    diversity,
    evaluation,
    noise,
    retrieval,
    sheets,
    signatures,
)
from tfstory.systems.story_gan.adversarial import Adversarial
from tfstory.systems.story_gan.model import Discriminators, Generator
from tfstory.systems.story_gan.reconstruction import Reconstruction
from tfstory.systems.story_gan.statistics import Statistics
from tfstory.systems.system import Batch, System
from tfstory.text.minilm import checkpoint, package
from tfstory.text.minilm.tokenizer import WordPieceTokenizer
from tfstory.text.tokenizer import Tokenizer

_RECONSTRUCTION = "reconstruction"
_ADVERSARIAL = "adversarial"
# Key of `config.evaluation` to how an exported judge measures and is loaded.
_JUDGES = {
    "attribute_classifier": (
        attribute_accuracy.attribute_accuracy,
        attribute_accuracy.load,
    ),
    "story_matcher": (retrieval.retrieval, retrieval.load),
}


class StoryGan(System):
    """Sentences and a seed in, a picture for each sentence out."""

    ratios: Mapping[str, Ratio] = evaluation.RATIOS
    text_feature = stories.SENTENCES
    optional_stages = (_RECONSTRUCTION,)

    def __init__(self, config, vocabulary_path):
        super().__init__(config, vocabulary_path)
        data, model = config.data, config.model
        self.pretrained = None
        if model.sentence_encoder == checks.MINILM:
            folder = package.folder()
            self.pretrained = checkpoint.pretrained()
            self.tokenizer = WordPieceTokenizer(
                package.vocabulary_path(folder), data.max_tokens
            )
        else:
            self.tokenizer = Tokenizer(vocabulary_path, data.max_tokens)
        arguments = (
            model,
            data.image_size,
            self.tokenizer.size,
            data.max_tokens,
            self.pretrained,
        )
        self.generator = Generator(*arguments)
        self.averaged = None
        if model.ema_decay:
            self.averaged = Generator(*arguments)
            _copy_weights(self.generator, self.averaged)
        self.discriminators = None
        if model.discriminators:
            self.discriminators = Discriminators(model, data.image_size)
        self.statistics = Statistics(data.frames, data.image_size, config.seed)

    @classmethod
    def check(cls, config):
        super().check(config)
        checks.check(config)

    @property
    def networks(self) -> dict[str, keras.Model]:
        networks = dict(self.generator.networks)
        if self.averaged is not None:
            networks |= {
                f"averaged_{name}": network
                for name, network in self.averaged.networks.items()
            }
        if self.discriminators is not None:
            networks |= self.discriminators.networks
        return {**networks, "statistics": self.statistics}

    @property
    def used(self) -> Generator:
        """The generator that evaluation, sheets and exports use."""
        return self.averaged or self.generator

    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        if self.pretrained is not None:
            # Transform's are of another tokenizer.
            batch = {k: v for k, v in batch.items() if k != features.TOKENS}
        return features.prepare(
            batch, self.tokenizer, self.config.data.image_size
        )

    def adapt(self, batches: Iterable[Batch]) -> None:
        self.statistics.adapt(batch[stories.IMAGES] for batch in batches)

    def stages(self) -> Sequence[StagePlan]:
        plans = []
        if self.config.stages[_RECONSTRUCTION].epochs:
            plans.append(self._plan(_RECONSTRUCTION, Reconstruction))
        if self.discriminators is not None:
            plans.append(
                self._plan(
                    _ADVERSARIAL,
                    Adversarial,
                    goes_on=bool(plans),
                    discriminators=self.discriminators,
                )
            )
        return plans

    @classmethod
    def ask_served(cls, config, example, ask, directory):
        return asking.ask_served(example, ask, directory)

    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        seeds = evaluation.story_seeds(batch[features.TOKENS])
        return evaluation.sums(
            batch, self.used, self._noise(batch, seeds), self.statistics
        )

    def generate(self, batch: Batch, seeds: tf.Tensor) -> tf.Tensor:
        """Draws stories.

        Args:
          batch: a prepared batch.
          seeds: int64 `[batch]`.

        Returns:
          float32 `[batch, frames, height, width, 3]` in [0, 1].
        """
        return self.used.stories(
            batch[features.TOKENS], self._noise(batch, seeds)
        )

    def signatures(self) -> dict[str, Any]:
        return signatures.signatures(
            self.used,
            self.generator,
            self.discriminators,
            self.tokenizer,
            self.config,
        )

    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        return signatures.request_inputs(batch, self.discriminators is not None)

    def sample_sheet(self, batch: Batch) -> np.ndarray:
        return sheets.sample_sheet(batch, self.generate, self.tokenizer)

    def corpus_metrics(self, batches: Iterable[Batch]) -> dict[str, float]:
        config = self.config
        # Both first: a path may be wrong.
        kinds = distances.feature_kinds(
            config.data.image_size, config.evaluation.inception_weights
        )
        judges = [
            (measure, load(config.evaluation[name]))
            for name, (measure, load) in _JUDGES.items()
            if config.evaluation[name]
        ]
        as_told = tf.function(self._as_told, reduce_retracing=True)
        metrics = diversity.diversity_metrics(
            batches, self.prepare, self.generate
        )
        metrics |= distances.frechet_distances(
            batches, self.prepare, as_told, self.statistics, kinds
        )
        for measure, judge in judges:
            metrics |= measure(batches, self.prepare, as_told, judge)
        return metrics

    @property
    def resources(self) -> dict[str, tf.Module | list[tf.Variable]]:
        resources = {"tokenizer": self.tokenizer}
        if self.pretrained is not None:
            resources |= weights.by_network({"pretrained": self.pretrained})
        return resources

    def word_weights(self) -> Sequence[tuple[keras.Variable, int]]:
        if self.pretrained is not None:
            return ()
        generators = [self.generator, self.averaged]
        return [
            (generator.sentence_encoder.embedding.embeddings, 0)
            for generator in generators
            if generator is not None
        ]

    def _as_told(self, batch: Batch) -> tf.Tensor:
        """Returns the pictures that evaluation draws."""
        return self.generate(
            batch, evaluation.story_seeds(batch[features.TOKENS])
        )

    def _plan(self, name, stage_class, **arguments) -> StagePlan:
        def build(steps: int):
            stage = stage_class(
                name=name,
                seed=self.config.seed,
                ratios=self.ratios,
                generator=self.generator,
                averaged=self.averaged,
                evaluate=self.evaluate,
                config=self.config.stages[name],
                ema_decay=self.config.model.ema_decay,
                sizes=self._sizes,
                steps=steps,
                **arguments,
            )
            stage.use_optimizers(*stage.adams())
            return stage

        return self.plan(name, build)

    @property
    def _sizes(self):
        return (self.config.model.context_size, self.config.model.noise_size)

    def _noise(self, batch, seeds):
        frames = batch[features.TOKENS].shape[1]
        return noise.of_seeds(seeds, frames, *self._sizes)


def _copy_weights(source: Generator, target: Generator) -> None:
    for old, new in zip(
        source.networks.values(), target.networks.values(), strict=True
    ):
        new.set_weights(old.get_weights())
