"""A system: one of the seed documents' models, everything about it."""

import abc
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import keras
import ml_collections
import numpy as np
import tensorflow as tf

from tfstory import examples, stories
from tfstory.errors import UserError
from tfstory.metrics.ratio import Ratio
from tfstory.systems import checks, weights
from tfstory.systems.stage import Sheet, Stage, StagePlan

Batch = Mapping[str, tf.Tensor]


class System(abc.ABC):
    """What training, evaluation, export and the pipeline know of a model.

    Made inside the strategy's scope. `networks` are all the weights that
    training changes: checkpoints and warm starts hold these and nothing else.
    Exports hold `resources`, too.

    Args:
      config: the run's config (`configs/<system>/<dataset>.py`).
      vocabulary_path: str, the vocabulary file; "" for systems without text.

    Raises:
      UserError: as `check`.
    """

    # Metric name to its definition over the sums of `evaluate`. Where they
    # depend on the config, only an instance has them; see `ratios_of`.
    ratios: Mapping[str, Ratio]
    # Feature whose words make the vocabulary; "" for systems without text.
    text_feature: ClassVar[str] = ""

    # Metrics of what the model makes at `config.evaluation.temperature`, or as
    # `config.evaluation.oracle` judges it: by them, an epoch is the best for
    # these settings alone.
    judged_metrics: ClassVar[Sequence[str]] = ()

    # Stages that a config may leave out, with no epochs.
    optional_stages: ClassVar[Sequence[str]] = ()

    # Whether the sheets of a stage's epochs are also shown as an animation.
    animated: ClassVar[bool] = False

    def __init__(self, config: ml_collections.ConfigDict, vocabulary_path: str):
        self.check(config)
        self.config = config
        self.vocabulary_path = vocabulary_path

    @classmethod
    def check(cls, config: ml_collections.ConfigDict) -> None:
        """Refuses a config that the system cannot be made from.

        Commands call it first, so that no data are prepared in vain. A system
        adds what it knows of its own settings.

        Raises:
          UserError: names the key and a value that works.
        """
        checks.check(config, cls.optional_stages)

    @classmethod
    def ratios_of(
        cls, config: ml_collections.ConfigDict
    ) -> Mapping[str, Ratio]:
        """Returns `ratios` of a system that would be made from a config.

        Args:
          config: the run's config.
        """
        return cls.ratios

    @property
    @abc.abstractmethod
    def networks(self) -> dict[str, keras.Model]:
        """Name to network (or layer), built, with all weights created."""

    @abc.abstractmethod
    def prepare(self, batch: Batch) -> dict[str, tf.Tensor]:
        """Turns a batch of raw examples into what the networks take.

        Pure TensorFlow, and the same function in the training input
        pipeline, in `evaluate` and in every signature.

        Args:
          batch: feature name to tensor `[batch, ...]`, as `parse` gives
            it. A feature that Transform has made already (`tokens`) is
            used as it is.
        """

    def adapt(self, batches: Iterable[Batch]) -> None:  # noqa: B027
        """Sets statistics of the training data (mean picture, ...), once.

        Args:
          batches: prepared batches of one pass over the training data.
        """

    @abc.abstractmethod
    def stages(self) -> Sequence[StagePlan]:
        """Returns the training schedule, in order."""

    def plan(
        self,
        name: str,
        build: Callable[[int], Stage],
        ratios: Mapping[str, Ratio] | None = None,
        **others: Any,
    ) -> StagePlan:
        """Returns a stage's plan, as `config.stages` has it.

        Args:
          name: the stage's name there.
          build: as in `StagePlan`.
          ratios: the stage's metrics; None for all of the system's.
          **others: fields of the plan that the config does not give as they
            are.

        Raises:
          UserError: the best epoch is to be kept by what is no metric.
        """
        config = self.config.stages[name]
        ratios = self.ratios if ratios is None else ratios
        best = config.keep_best
        if best and best not in ratios:
            raise UserError(
                f"config.stages.{name}.keep_best {best!r} is no metric of the "
                f"stage; choose one of {', '.join(ratios)}"
            )
        fields = {
            "batch_size": config.batch_size,
            "epochs": config.epochs,
            "keep_best": best,
            "higher_is_better": bool(best) and ratios[best].higher_is_better,
            **others,
        }
        return StagePlan(name=name, build=build, **fields)

    @abc.abstractmethod
    def evaluate(self, batch: Batch) -> dict[str, tf.Tensor]:
        """Returns the per-example sums that `ratios` are made from.

        Args:
          batch: a prepared batch.

        Returns:
          name to float32 `[batch]`.
        """

    @abc.abstractmethod
    def signatures(self) -> dict[str, Any]:
        """Returns signature name to `tf.function` with an input signature.

        The export adds `evaluate` (serialised Examples to the sums of
        `evaluate`) by itself.
        """

    @abc.abstractmethod
    def request_inputs(
        self, batch: Mapping[str, np.ndarray]
    ) -> dict[str, dict[str, np.ndarray]]:
        """Turns raw examples into requests, for warm-up and validation.

        Args:
          batch: raw examples, feature name to array `[batch, ...]`.

        Returns:
          signature name to input name to array.
        """

    @classmethod
    def example_format(
        cls, config: ml_collections.ConfigDict
    ) -> examples.ExampleFormat:
        """Returns what raw examples are: stories, unless a system differs.

        Args:
          config: the run's config; `data.frames` is the frames of a story.
        """
        return stories.example_format(config.data.frames)

    def parse(self, serialized: tf.Tensor) -> dict[str, tf.Tensor]:
        """Parses serialised Examples, string `[batch]`, into raw examples."""
        return self.example_format(self.config).parse(serialized)

    @abc.abstractmethod
    def sample_sheet(self, batch: Batch) -> Sheet:
        """Shows real beside generated examples, for people to look at.

        Args:
          batch: a small prepared batch.

        Returns:
          A picture, uint8 `[height, width, 3]`, or lines of text.
        """

    @classmethod
    def comparison_sheet(
        cls, systems: Mapping[str, "System"]
    ) -> np.ndarray | None:
        """Draws several trained systems of this class into one picture.

        Args:
          systems: title to system.

        Returns:
          uint8 `[height, width, 3]`; None where a system draws none.
        """
        return None

    @classmethod
    def ask_served(
        cls,
        config: ml_collections.ConfigDict,
        example: Mapping[str, np.ndarray],
        ask: Callable[[str, Mapping[str, np.ndarray]], Mapping],
        directory: str,
    ) -> str:
        """Asks a served model something, to show that it answers.

        Args:
          config: the run's config.
          example: a raw example that the model has not learnt from.
          ask: takes a signature and its inputs, returns the outputs.
          directory: str, gets what pictures there are.

        Returns:
          What was asked and answered, for people, after "Asked over gRPC";
          "" where a system asks nothing.
        """
        return ""

    def corpus_metrics(self, batches: Iterable[Batch]) -> dict[str, float]:
        """Returns metrics that need whole outputs, such as BLEU.

        Too slow for every epoch; `tfstory evaluate` calls it.

        Args:
          batches: raw batches, as `prepare` takes them.
        """
        return {}

    @property
    def resources(self) -> dict[str, tf.Module | list[tf.Variable]]:
        """What else signatures use, for the export to track.

        Tables, assets, and weights of an installed package, which nobody
        trains.
        """
        return {}

    def word_weights(self) -> Sequence[tuple[keras.Variable, int]]:
        """Returns variables with an entry a word, and the words' axis."""
        return ()

    def warm_start(self, export_dir: str) -> list[str]:
        """Takes over the weights of an earlier export of the same system.

        Args:
          export_dir: str, a SavedModel written by `tfstory.export`.

        Returns:
          Names of networks that did not fit and were left as they are.

        Raises:
          UserError: there is no SavedModel in `export_dir`.
        """
        return weights.take_over(
            self.networks,
            self.word_weights(),
            self.vocabulary_path,
            export_dir,
        )
