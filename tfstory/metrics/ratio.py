"""A metric as the quotient of two sums, the same in every place it is made."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping

import keras
import numpy as np
import tensorflow as tf

_TRANSFORMS: Mapping[str, Callable] = {"identity": lambda x: x, "exp": np.exp}


@dataclasses.dataclass(frozen=True)
class Ratio:
    """`transform(sum of numerator / sum of denominator)` over all examples.

    Systems give the sums per example (`System.evaluate`); training, the
    `evaluate` command and TFMA all aggregate these and nothing else.

    Attributes:
      numerator: name of a per-example sum, such as "absolute_error".
      denominator: name of a per-example count, such as "pixels".
      transform: "identity", or "exp" (perplexity from nats a token).
      higher_is_better: direction, for gates and for keeping the best epoch.
      baseline_of: name of the metric that this one is a trivial baseline
        of, or "" for a figure of the model itself.
      about: what it says, for people who read the report.
    """

    numerator: str
    denominator: str
    transform: str = "identity"
    higher_is_better: bool = False
    baseline_of: str = ""
    about: str = ""

    def result(self, numerator: float, denominator: float) -> float:
        """Returns the value; nan where nothing was counted."""
        if not denominator:
            return float("nan")
        return float(_TRANSFORMS[self.transform](numerator / denominator))


def aggregate(
    ratios: Mapping[str, Ratio], sums: Mapping[str, float]
) -> dict[str, float]:
    """Returns each ratio's value from the total of each sum."""
    return {
        name: ratio.result(sums[ratio.numerator], sums[ratio.denominator])
        for name, ratio in ratios.items()
    }


def baselines(
    ratios: Mapping[str, Ratio], metric: str, values: Mapping[str, float]
) -> dict[str, float]:
    """Returns the values of a metric's trivial baselines, by their names.

    Args:
      ratios: metric name to its definition.
      metric: name of a metric of the model itself.
      values: metric name to value; a baseline that is not there is left out.
    """
    return {
        name: values[name]
        for name, ratio in ratios.items()
        if ratio.baseline_of == metric and name in values
    }


def without_baselines(
    ratios: Mapping[str, Ratio], names: Iterable[str]
) -> list[str]:
    """Returns the names of metrics that are no trivial baseline.

    Args:
      ratios: metric name to its definition.
      names: of metrics, of `ratios` or others.
    """
    return [
        name
        for name in names
        if name not in ratios or not ratios[name].baseline_of
    ]


def short_name(baseline: str, metric: str) -> str:
    """Returns a baseline's name without its metric's: "copy_last"."""
    return baseline.removeprefix(f"{metric}_")


class RatioMetric(keras.metrics.Metric):
    """A `Ratio` as a Keras metric, fed with per-example sums.

    Args:
      ratio: Ratio.
      name: str.
    """

    def __init__(self, ratio: Ratio, name: str):
        super().__init__(name=name)
        self._ratio = ratio
        self._numerator = self.add_weight(
            name="numerator", initializer="zeros", dtype="float32"
        )
        self._denominator = self.add_weight(
            name="denominator", initializer="zeros", dtype="float32"
        )

    def update_state(self, sums: Mapping[str, tf.Tensor]) -> None:
        """Adds a batch.

        Args:
          sums: name to float `[batch]`, those of `System.evaluate`.

        Raises:
          ValueError: the ratio's are not among them.
        """
        for name in (self._ratio.numerator, self._ratio.denominator):
            if name not in sums:
                raise ValueError(
                    f"metric {self.name!r} needs the sum {name!r}, and "
                    f"evaluate gives {', '.join(sorted(sums))}"
                )
        self._numerator.assign_add(
            tf.reduce_sum(tf.cast(sums[self._ratio.numerator], tf.float32))
        )
        self._denominator.assign_add(
            tf.reduce_sum(tf.cast(sums[self._ratio.denominator], tf.float32))
        )

    def result(self) -> tf.Tensor:
        # As `Ratio.result`: nan where nothing was counted.
        mean = tf.convert_to_tensor(self._numerator) / tf.convert_to_tensor(
            self._denominator
        )
        return tf.exp(mean) if self._ratio.transform == "exp" else mean
