"""story_matcher: pictures and the text told up to them, in one space.

A dual encoder as DAMSM (Xu et al. 2018, "AttnGAN", section 3.2) and CLIP
(Radford et al. 2021), trained on real stories. It judges how well generated
pictures show what is told: see `story_gan.retrieval`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfstory import stories
from tfstory.metrics.ratio import Ratio
from tfstory.systems import features
from tfstory.systems.stage import StagePlan
from tfstory.systems.story_matcher import (
    checks,
    evaluation,
    sheets,
    signatures,
)
from tfstory.systems.story_matcher.model import Matcher
from tfstory.systems.story_matcher.stages import Matching
from tfstory.systems.story_matcher.statistics import Statistics
from tfstory.systems.system import Batch, System
from tfstory.text.tokenizer import Tokenizer

_STAGE = "matching"


class StoryMatcher(System):
    """A story's frames and sentences in, a vector of each out."""

    ratios: Mapping[str, Ratio] = evaluation.RATIOS
    text_feature = stories.SENTENCES

    def __init__(self, config, vocabulary_path):
        super().__init__(config, vocabulary_path)
        data = config.data
        self.tokenizer = Tokenizer(vocabulary_path, data.max_tokens)
        self.matcher = Matcher(
            config.model,
            data.image_size,
            self.tokenizer.size,
            data.max_tokens,
        )
        self.statistics = Statistics(data.frames, data.max_tokens, config.seed)

    @classmethod
    def check(cls, config):
        super().check(config)
        checks.check(config)

    @property
    def networks(self) -> dict[str, keras.Model]:
        return {**self.matcher.networks, "statistics": self.statistics}

    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        return features.prepare(
            batch, self.tokenizer, self.config.data.image_size
        )

    def adapt(self, batches: Iterable[Batch]) -> None:
        self.statistics.adapt(
            np.asarray(batch[features.TOKENS]) for batch in batches
        )

    def stages(self) -> Sequence[StagePlan]:
        config = self.config.stages[_STAGE]

        def build(steps: int):
            return Matching(
                self.matcher,
                name=_STAGE,
                seed=self.config.seed,
                ratios=self.ratios,
                evaluate=self.evaluate,
                learning_rate=config.learning_rate,
                steps=steps,
            )

        return [self.plan(_STAGE, build)]

    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        return evaluation.sums(batch, self.matcher, self.statistics)

    def signatures(self) -> dict[str, Any]:
        data = self.config.data
        return signatures.signatures(
            self.matcher, self.tokenizer, data.image_size, data.frames
        )

    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        return signatures.request_inputs(batch)

    def sample_sheet(self, batch: Batch) -> np.ndarray:
        return sheets.sample_sheet(
            batch,
            self.matcher.pictures(batch[stories.IMAGES]).numpy(),
            self.matcher.texts(batch[features.TOKENS]).numpy(),
            self.tokenizer,
        )

    @property
    def resources(self) -> dict[str, tf.Module]:
        return {"tokenizer": self.tokenizer}

    def word_weights(self) -> Sequence[tuple[keras.Variable, int]]:
        encoder = self.matcher.text_encoder.sentence_encoder
        return [(encoder.embedding.embeddings, 0)]
