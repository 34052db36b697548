"""A `Ratio` as a TFMA metric, fed by the `evaluate` signature's sums."""

from collections.abc import Mapping
from typing import Any

import apache_beam as beam
import numpy as np
import tensorflow_model_analysis as tfma

# Beam's workers import this module before they load a model; without it they
# would lack the ops that tokenise.
import tensorflow_text  # noqa: F401

from tfstory.metrics.ratio import Ratio

Sums = tuple[float, float]


class RatioMetric(tfma.metrics.Metric):
    """Sums a numerator and a denominator by name; gives their quotient.

    Args:
      name: str, the metric's name.
      numerator: str, output of the `evaluate` signature.
      denominator: str, another one.
      transform: str, `Ratio.transform`.
    """

    def __init__(
        self,
        name: str,
        numerator: str,
        denominator: str,
        transform: str = "identity",
    ):
        super().__init__(
            # Once for each model: the one at hand and the last blessed one.
            tfma.metrics.merge_per_key_computations(_computations),
            name=name,
            numerator=numerator,
            denominator=denominator,
            transform=transform,
        )


def _computations(
    name: str,
    numerator: str,
    denominator: str,
    transform: str,
    model_name: str = "",
    output_name: str = "",
    example_weighted: bool = False,
) -> tfma.metrics.MetricComputations:
    key = tfma.metrics.MetricKey(
        name=name,
        model_name=model_name,
        output_name=output_name,
        example_weighted=example_weighted,
    )
    combiner = RatioCombiner(
        key, Ratio(numerator, denominator, transform=transform)
    )
    return [
        tfma.metrics.MetricComputation(
            keys=[key], preprocessors=None, combiner=combiner
        )
    ]


class RatioCombiner(beam.CombineFn):
    """Adds up one pair of sums; in float64, so that order hardly matters.

    Args:
      key: the metric's key.
      ratio: what to compute from the totals.
    """

    def __init__(self, key: tfma.metrics.MetricKey, ratio: Ratio):
        self._key = key
        self._ratio = ratio

    def create_accumulator(self) -> Sums:
        return 0.0, 0.0

    def add_input(
        self, sums: Sums, element: tfma.metrics.StandardMetricInputs
    ) -> Sums:
        outputs = element.get_predictions(self._key.model_name)
        return (
            sums[0] + _total(outputs, self._ratio.numerator),
            sums[1] + _total(outputs, self._ratio.denominator),
        )

    def merge_accumulators(self, accumulators) -> Sums:
        numerators, denominators = zip(*accumulators, strict=True)
        return sum(numerators), sum(denominators)

    def extract_output(self, sums: Sums) -> dict[tfma.metrics.MetricKey, float]:
        return {self._key: self._ratio.result(*sums)}


def _total(outputs: Mapping[str, Any], name: str) -> float:
    # A blessed model of an older version may lack a metric that this one
    # has: nan, which no threshold passes, instead of a failed run.
    if name not in outputs:
        return float("nan")
    return float(np.sum(outputs[name], dtype=np.float64))
