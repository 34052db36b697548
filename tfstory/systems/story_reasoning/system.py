"""StoryReasoning: the next frame and caption of a story (seed 001)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tfstory import stories
from tfstory.metrics.ratio import Ratio
from tfstory.systems import features
from tfstory.systems.stage import StagePlan
from tfstory.systems.story_reasoning import (
    asking,
    captioning,
    checks,
    evaluation,
    sheets,
    signatures,
    stages,
)
from tfstory.systems.story_reasoning.model import StoryModel
from tfstory.systems.story_reasoning.statistics import Statistics
from tfstory.systems.system import Batch, System
from tfstory.text.tokenizer import Tokenizer


class StoryReasoning(System):
    """Four frames and captions in, the fifth frame and its caption out."""

    ratios: Mapping[str, Ratio] = {
        **evaluation.AUTOENCODER_RATIOS,
        **evaluation.NEXT_FRAME_RATIOS,
    }
    text_feature = stories.SENTENCES

    def __init__(self, config, vocabulary_path):
        super().__init__(config, vocabulary_path)
        data = config.data
        self.tokenizer = Tokenizer(vocabulary_path, data.max_tokens)
        self.model = StoryModel(
            config.model,
            data.image_size,
            self.tokenizer.size,
            data.max_tokens,
            data.frames - 1,
        )
        self.statistics = Statistics(data.image_size, self.tokenizer.size)

    @classmethod
    def check(cls, config):
        super().check(config)
        checks.check(config)

    @property
    def networks(self) -> dict[str, keras.Model]:
        return {**self.model.networks, "statistics": self.statistics}

    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        return features.prepare(
            batch, self.tokenizer, self.config.data.image_size
        )

    def adapt(self, batches: Iterable[Batch]) -> None:
        self.statistics.adapt(
            (batch[stories.IMAGES], batch[features.TOKENS]) for batch in batches
        )

    def stages(self) -> Sequence[StagePlan]:
        return [
            self._plan(
                "autoencoder",
                stages.Autoencoder,
                evaluation.AUTOENCODER_RATIOS,
                evaluation.autoencoder_sums,
                {},
                draw=lambda batch: sheets.autoencoder_sheet(batch, self.model),
            ),
            self._plan(
                "sequence",
                stages.Sequence,
                self.ratios,
                self._all_sums,
                {
                    "weights": self.config.model.loss_weights.to_dict(),
                    "train_autoencoder": self.config.model.train_autoencoder,
                    # The first frame's caption has nothing to go by.
                    "captions": min(
                        self.config.stages.sequence.captions,
                        self.config.data.frames - 1,
                    ),
                    "clip_norm": self.config.stages.sequence.clip_norm,
                },
            ),
        ]

    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        return self._all_sums(batch, self.model, self.statistics)

    def signatures(self) -> dict[str, Any]:
        return signatures.signatures(
            self.model, self.tokenizer, self.config.data
        )

    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        return signatures.request_inputs(batch)

    def sample_sheet(self, batch: Batch) -> np.ndarray:
        return sheets.sample_sheet(batch, self.model, self.tokenizer)

    @classmethod
    def ask_served(cls, config, example, ask, directory):
        return asking.ask_served(example, ask, directory)

    def corpus_metrics(self, batches: Iterable[Batch]) -> dict[str, float]:
        return captioning.caption_metrics(
            batches, self.prepare, self.model, self.tokenizer, self.config.seed
        )

    @property
    def resources(self) -> dict[str, tf.Module]:
        return {"tokenizer": self.tokenizer}

    def word_weights(self) -> Sequence[tuple[keras.Variable, int]]:
        decoder = self.model.caption_decoder
        return [
            (self.model.caption_encoder.embedding.embeddings, 0),
            *decoder.output_word_weights(),
            (self.statistics.token_log_probabilities, 0),
        ]

    @staticmethod
    def _all_sums(batch, model, statistics):
        return {
            **evaluation.autoencoder_sums(batch, model, statistics),
            **evaluation.next_frame_sums(batch, model, statistics),
        }

    def _plan(
        self, name, stage_class, ratios, sums, arguments, draw=None
    ) -> StagePlan:
        config = self.config.stages[name]

        def build(steps: int):
            stage = stage_class(
                name=name,
                seed=self.config.seed,
                ratios=ratios,
                model=self.model,
                evaluate=lambda b: sums(b, self.model, self.statistics),
                **arguments,
            )
            stage.compile(optimizer=stages.adam(config, steps))
            stage.optimizer.build(stage.trained_variables())
            return stage

        return self.plan(name, build, ratios, draw=draw)
