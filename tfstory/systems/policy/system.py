"""A system whose generator is a policy over tokens."""

import abc
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras
import ml_collections
import numpy as np
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.metrics.ratio import Ratio
from tfstory.objectives import registry as objectives
from tfstory.sampling import oracle_parameters
from tfstory.sampling.lstm_oracle import LstmOracle
from tfstory.systems.policy import (
    baselines,
    checks,
    corpus,
    defaults,
    evaluation,
    rewards,
    samples,
    signatures,
)
from tfstory.systems.policy.adversarial import Adversarial
from tfstory.systems.policy.baselines import Baseline
from tfstory.systems.policy.codec import TOKENS, Codec
from tfstory.systems.policy.likelihood import Likelihood
from tfstory.systems.policy.model import PolicyModel
from tfstory.systems.policy.references import References
from tfstory.systems.policy.unigrams import Unigrams
from tfstory.systems.stage import StagePlan
from tfstory.systems.system import Batch, System


class PolicySystem(System):
    """Noise or nothing in, sequences of tokens out.

    A subclass says what the sequences are.
    """

    ratios: Mapping[str, Ratio] = evaluation.RATIOS
    judged_metrics = evaluation.WRITTEN
    # Whether sequences are text, for objectives that take it.
    writes_text = False
    optional_stages = ("likelihood", "discriminator", "adversarial")

    def __init__(self, config, vocabulary_path=""):
        super().__init__(config, vocabulary_path)
        self.codec = self.make_codec()
        self.model = PolicyModel(config, self.codec)
        self.unigrams = Unigrams(self.codec.size, self.codec.alphabet.never)
        self._references = None
        if objectives.BLEU in config.reward.objectives:
            self._references = References(
                config.reward.bleu_references, self.codec.length
            )

    @classmethod
    def check(cls, config):
        super().check(config)
        checks.check(config)
        objectives.load(config.reward.objective_modules)
        for name in config.reward.objectives:
            if name != objectives.BLEU:
                cls._check_objective(config, name)

    @classmethod
    def ratios_of(cls, config):
        return {
            name: ratio
            for name, ratio in cls.ratios.items()
            if name not in evaluation.ORACLE or cls.has_oracle(config)
        }

    @classmethod
    def has_oracle(cls, config) -> bool:
        """Returns whether an oracle is known that can judge sequences.

        Args:
          config: the run's.
        """
        return bool(config.evaluation.oracle)

    @classmethod
    def _check_objective(cls, config, name):
        takes = objectives.get(name).takes
        if (
            takes == objectives.MELODIES and not cls.writes_melodies(config)
        ) or (takes == objectives.TEXT and not cls.writes_text):
            raise UserError(
                f"the objective {name!r} is of {takes}, and "
                f"config.data.dataset {config.data.dataset!r} has none"
            )

    @abc.abstractmethod
    def make_codec(self) -> Codec:
        """Returns how examples become tokens."""

    @classmethod
    def writes_melodies(cls, config: ml_collections.ConfigDict) -> bool:
        """Returns whether sequences are melodies, of `tfstory.music.tokens`.

        Args:
          config: the run's.
        """
        del config
        return False

    @property
    def networks(self) -> dict[str, keras.layers.Layer]:
        found = {**self.model.networks, "unigrams": self.unigrams}
        if self._references is not None:
            found["references"] = self._references
        return found

    @property
    def resources(self) -> dict[str, tf.Module]:
        return dict(self.codec.resources)

    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        return {TOKENS: self.codec.tokens(batch)}

    def adapt(self, batches: Iterable[Batch]) -> None:
        # Before the first step, rather than where each is first asked.
        _ = self._oracle
        for name in self.config.reward.objectives:
            if name != objectives.BLEU:
                objectives.ready(name)
        mask = self.codec.alphabet.mask
        pairs = [(batch[TOKENS], mask(batch[TOKENS])) for batch in batches]
        self.unigrams.adapt(pairs)
        if self._references is not None:
            self._references.adapt(pairs)

    def stages(self) -> Sequence[StagePlan]:
        configs = self.config.stages
        builders = {
            "likelihood": self._build_likelihood,
            "discriminator": lambda steps: self._build_adversarial(
                "discriminator", defaults.alone(configs), steps
            ),
            "adversarial": lambda steps: self._build_adversarial(
                "adversarial", configs.adversarial, steps
            ),
        }
        return [
            self.plan(
                name, build, epoch_steps=configs[name].get("epoch_steps", 0)
            )
            for name, build in builders.items()
            if configs[name].epochs
        ]

    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        return self._judge().sums(batch)

    def signatures(self) -> dict[str, Any]:
        return signatures.signatures(self.model)

    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        return signatures.request_inputs(batch, self.codec.length)

    def sample_sheet(self, batch: Batch) -> str:
        return samples.sheet(self.model, batch)

    def corpus_metrics(self, batches: Iterable[Batch]) -> dict[str, float]:
        names = set(self.config.reward.objectives) | set(
            self.reported_objectives
        )
        config = self.config.evaluation
        return corpus.metrics(
            self.model,
            map(self.prepare, batches),
            config.samples,
            config.temperature,
            {name: self._objective(name) for name in sorted(names)},
        )

    @property
    def reported_objectives(self) -> Sequence[str]:
        """Names of objectives that are reported, rewarded or not."""
        return ()

    @classmethod
    def ask_served(cls, config, example, ask, directory):
        count = 4
        answer = ask(
            "generate",
            {
                "num_samples": np.array(count, np.int32),
                "temperature": np.array(1.0, np.float32),
                "top_p": np.array(1.0, np.float32),
                "seed": np.array(config.seed, np.int64),
                "max_length": np.array(cls.longest(config), np.int32),
            },
        )
        lines = [text.decode("utf-8", "replace") for text in answer["text"]]
        return f"for {count} sequences:\n" + "\n".join(lines)

    @classmethod
    @abc.abstractmethod
    def longest(cls, config: ml_collections.ConfigDict) -> int:
        """Returns how many tokens the longest sequence has, its end included.

        Args:
          config: the run's.
        """

    def oracle_parameters(self) -> oracle_parameters.OracleParameters | None:
        """Returns the oracle's that the data are of; None where they are not.

        Raises:
          UserError: `config.evaluation.oracle` cannot be read.
        """
        path = self.config.evaluation.oracle
        if not path:
            return None
        try:
            return oracle_parameters.load(path)
        except ValueError as error:
            raise UserError(f"config.evaluation.oracle {path}: {error}") from (
                error
            )

    @functools.cached_property
    def _oracle(self) -> LstmOracle | None:
        """Read once something is measured: to write takes none."""
        parameters = self.oracle_parameters()
        if parameters is None:
            return None
        if parameters.vocabulary_size != self.codec.size:
            raise UserError(
                f"config.evaluation.oracle {self.config.evaluation.oracle} has "
                f"{parameters.vocabulary_size} tokens, and the data have "
                f"{self.codec.size}"
            )
        return LstmOracle(parameters)

    def _objective(self, name):
        if name == objectives.BLEU:
            return self._references.reward()
        return rewards.named_objective(name, self.codec)

    def _rewards(self):
        config = self.config.reward
        return rewards.Rewards(
            config,
            self.model,
            [self._objective(name) for name in config.objectives],
        )

    def _judge(self):
        names = self.config.reward.objectives
        # An exported `evaluate` holds no other; `corpus_metrics` has them all.
        in_graph = all(
            name == objectives.BLEU or objectives.get(name).in_graph
            for name in names
        )
        return evaluation.Judge(
            self.model,
            self.unigrams,
            self._rewards() if names and in_graph else None,
            self._oracle,
            self.config.evaluation.temperature,
        )

    def _baseline(self, stage: str) -> Baseline:
        """A baseline of returns; the discriminator alone has none."""
        if stage != "adversarial":
            return Baseline(baselines.NONE, None)
        return Baseline(self.config.reward.baseline, self.model.values)

    def _build_likelihood(self, steps: int):
        return Likelihood(
            self.config.seed,
            self.model,
            self.config.stages.likelihood,
            self._judge(),
            steps,
        )

    def _build_adversarial(self, name: str, config, steps: int):
        return Adversarial(
            name,
            self.config.seed,
            self.model,
            config,
            self._baseline(name),
            self._rewards(),
            self._judge(),
            steps,
        )
