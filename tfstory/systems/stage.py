"""A stage: one phase of a system's training schedule, run by `fit`."""

import dataclasses
import zlib
from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf

from tfstory.metrics.ratio import Ratio, RatioMetric
from tfstory.systems import replicas

# What people look at: a picture, uint8 `[height, width, 3]`, or text.
Sheet = np.ndarray | str


class Stage(keras.Model):
    """Base of all stages: a `keras.Model` over networks that stages share.

    A subclass has a `train_step` with one loss (or several losses with an
    optimizer each) and a `test_step`. Losses are this replica's share of the
    global mean (`replicas.weighted_mean`), scaled by the optimizer that
    minimises them (`optimizer.scale_loss`), as float16 needs it: `compile`
    sees to the stage's own optimizer, `scaling` to others. Noise comes from
    `noise_seed`.

    Args:
      name: str, the stage's name in logs, checkpoints and configs.
      seed: int, the run's seed.
      ratios: metrics computed from per-example sums in `test_step` and, where
        the subclass updates them, in `train_step`.
      losses: name of each part of the loss to its weight in the whole, for
        `loss_share` and `update_losses`; 0 for what is shown beside it, such
        as an adversary's loss.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        losses: Mapping[str, float] | None = None,
    ):
        super().__init__(name=name)
        self.seed = seed
        self._part_weights = dict(losses or {})
        self._part_means = {
            part: keras.metrics.Mean(name=part) for part in self._part_weights
        }
        self._ratio_metrics = [
            RatioMetric(ratio, name) for name, ratio in ratios.items()
        ]

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The stage's own metrics.

        Keras's tracker of the loss knows nothing of a loss made here; `fit`
        and `evaluate` would show its 0 in place of the loss.
        """
        return [m for m in super().metrics if m is not self._loss_tracker]

    def step_kinds(self) -> Sequence[str]:
        """Returns the kinds of steps that there are, of most stages one."""
        return [""]

    def stay_with(self, kind: str) -> None:  # noqa: B027
        """Takes steps of one kind alone from now on, to time them.

        Args:
          kind: one of `step_kinds`.
        """

    def plain_steps(self) -> dict[str, Callable[[Mapping], None]]:
        """Returns steps as one would write them at first, to compare with.

        Returns:
          Kind of step to a function that takes such a step, eagerly and on
          one device, with a prepared batch; nothing where none is plainer.
        """
        return {}

    def noise_seed(
        self, stream: int, step: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Returns the seed of this step's noise on this replica, int32 [2].

        Each stage has its own: their steps begin at the same number.

        Args:
          stream: int, tells apart the draws within one step.
          step: integer scalar in place of the optimizer's step, which stands
            still in validation.
        """
        if step is None:
            step = self.optimizer.iterations
        return tf.random.experimental.stateless_fold_in(
            replicas.replica_seed(self.seed, stream, step),
            zlib.crc32(self.name.encode()) % 2**31,
        )

    def scaling(
        self, optimizer: keras.optimizers.Optimizer
    ) -> keras.optimizers.Optimizer:
        """Returns the optimizer, with loss scaling where float16 needs it."""
        if self.dtype_policy.name != "mixed_float16":
            return optimizer
        return keras.optimizers.LossScaleOptimizer(optimizer)

    def loss_share(self, parts: Mapping[str, replicas.GlobalMean]):
        """Returns this replica's share of the whole loss, float32 scalar.

        Args:
          parts: name to value, of the loss's parts on this batch; those that
            one optimizer minimises, where there are several.
        """
        return tf.add_n(
            [
                self._part_weights[name] * part.share
                for name, part in parts.items()
            ]
        )

    def update_losses(self, parts: Mapping[str, replicas.GlobalMean]) -> dict:
        """Adds a batch's losses; returns the means so far.

        A part's mean is over all that it was weighed by in all batches
        (examples, pixels, tokens): batches of unequal size, such as the last,
        count for what they hold.

        Args:
          parts: as in `loss_share`; a step that trains some of the networks
            alone may lack some. Parts that the stage has not are passed over.

        Returns:
          "loss" and, where the loss has several parts, each of these.
        """
        for name, mean in self._part_means.items():
            if name in parts:
                part = parts[name]
                mean.update_state(replicas.global_sum(part.share), part.weight)
        means = {name: mean.result() for name, mean in self._part_means.items()}
        whole = tf.add_n(
            [
                weight * means[name]
                for name, weight in self._part_weights.items()
            ]
        )
        return {"loss": whole, **(means if len(means) > 1 else {})}

    def update_ratios(self, sums: Mapping[str, tf.Tensor]) -> dict:
        """Adds a batch's per-example sums; returns the metrics so far.

        Sums go over all replicas first: `fit` averages what the replicas
        return, and a mean of ratios is not the ratio of the sums.

        Args:
          sums: name to float `[batch]`.
        """
        totals = {
            name: replicas.global_sum(tf.reduce_sum(values))
            for name, values in sums.items()
        }
        for metric in self._ratio_metrics:
            metric.update_state(totals)
        return {m.name: m.result() for m in self._ratio_metrics}

    def call(self, inputs):
        raise NotImplementedError("stages are trained, not called")

    def make_test_function(self, force=False):
        """Leaves validation to TensorFlow, whatever compiles the training.

        A pass an epoch is not worth XLA's minutes, and what metrics compute,
        edit distances say, it may not know.
        """
        jit_compile, self.jit_compile = self.jit_compile, False
        try:
            return super().make_test_function(force)
        finally:
            self.jit_compile = jit_compile

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Does nothing: a stage comes built.

        Under a strategy Keras would add up the replicas' first batches and
        call the stage with them, which uneven batches and strings forbid.
        """


@dataclasses.dataclass(frozen=True)
class StagePlan:
    """What the runner needs to know of a stage.

    Attributes:
      name: the stage's name.
      build: makes the stage from its total number of steps (for learning
        rate schedules): networks built, optimizers created and built,
        compiled. The runner calls it inside the strategy's scope.
      batch_size: examples a step, over all replicas.
      epochs: passes over the data.
      keep_best: validation metric (`Stage`'s name of it) whose best epoch's
        weights the stage ends with; "" ends with the last epoch's.
      higher_is_better: the direction of `keep_best`.
      epoch_steps: steps that count as an epoch; 0 takes one pass over the
        data. More or fewer than a pass has go on where the last epoch ended.
      steps_per_execution: at most so many steps in one call of TensorFlow,
        for steps that are shorter than what Keras does between two.
      draw: makes the sheet of an epoch from a small prepared batch, where the
        system's sheet would show what the stage has not trained; None takes
        the system's.
      optima: name of a loss to the value that theory gives for its optimum,
        drawn into its curve.
    """

    name: str
    build: Callable[[int], Stage]
    batch_size: int
    epochs: int
    keep_best: str = ""
    higher_is_better: bool = False
    epoch_steps: int = 0
    steps_per_execution: int = 1
    draw: Callable[[Mapping[str, tf.Tensor]], Sheet] | None = None
    optima: Mapping[str, float] = dataclasses.field(default_factory=dict)
