"""What the Evaluator measures, and the gates that a model must pass."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import tensorflow_model_analysis as tfma

from tfstory.errors import UserError
from tfstory.metrics.ratio import Ratio

SIGNATURE = "evaluate"


class Comparison(NamedTuple):
    """A metric that must be strictly better than a trivial baseline's."""

    metric: str
    baseline: str
    higher_is_better: bool


def comparisons(
    ratios: Mapping[str, Ratio], names: Sequence[str]
) -> list[Comparison]:
    """Returns which metrics must beat which trivial baselines.

    Args:
      ratios: metric name to its definition, the system's.
      names: a metric, for all of its baselines, or a single baseline, such as
        "l1" or "l1_copy_last".

    Raises:
      UserError: a name is no metric, or one without baselines.
    """
    found = []
    for name in names:
        pairs = [
            Comparison(
                ratio.baseline_of,
                baseline,
                ratios[ratio.baseline_of].higher_is_better,
            )
            for baseline, ratio in ratios.items()
            if ratio.baseline_of and name in (baseline, ratio.baseline_of)
        ]
        if not pairs:
            known = {ratio.baseline_of for ratio in ratios.values()} - {""}
            raise UserError(
                f"config.pipeline.better_than_baselines: {name!r} has no "
                "trivial baseline in this system; choose from "
                f"{', '.join(sorted(known)) or 'none'}"
            )
        found += [pair for pair in pairs if pair not in found]
    return found


def not_beaten(
    values: Mapping[str, float], pairs: Sequence[Comparison]
) -> list[str]:
    """Returns a sentence for each baseline that a model does not beat.

    Args:
      values: metric name to value, baselines included, of the same examples.
      pairs: what `comparisons` returned.
    """
    refusals = []
    for metric, baseline, higher_is_better in pairs:
        # What is missing is nan, and nan beats nothing.
        value = values.get(metric, float("nan"))
        trivial = values.get(baseline, float("nan"))
        if not (value > trivial if higher_is_better else value < trivial):
            refusals.append(
                f"{metric} is {value:.4g}, no better than {baseline} with "
                f"{trivial:.4g}"
            )
    return refusals


def eval_config(
    ratios: Mapping[str, Ratio],
    gates: Mapping[str, float],
    no_worse: Sequence[str],
    tolerance: float = 0.0,
    slices: Sequence[str] = (),
) -> tfma.EvalConfig:
    """Returns the Evaluator's configuration.

    Args:
      ratios: metric name to its definition, the system's.
      gates: metric name to the bound that a model must keep: a lower bound
        where higher is better, else an upper one.
      no_worse: metrics that may not get worse than the last blessed model's.
        Where there is no such model they are not compared.
      tolerance: float, by what part of its value such a metric may still get
        worse: a model trained anew never gives the same digits.
      slices: features that metrics are reported by, besides overall.

    Returns:
      Metrics overall and by slice; thresholds on the overall slice alone.

    Raises:
      UserError: there is no gate, or one names no metric of the system.
    """
    if not gates:
        # Without thresholds TFX's Evaluator blesses nothing.
        raise UserError(
            "config.pipeline.gates is empty, so no model could be blessed; "
            f"set a bound for one of {', '.join(sorted(ratios))}"
        )
    for name in [*gates, *no_worse]:
        if name not in ratios:
            raise UserError(
                f"the gate {name!r} is no metric of this system; choose from "
                f"{', '.join(sorted(ratios))} in config.pipeline"
            )
    metrics = [tfma.MetricConfig(class_name="ExampleCount")]
    for name, ratio in ratios.items():
        config = {
            "name": name,
            "numerator": ratio.numerator,
            "denominator": ratio.denominator,
            "transform": ratio.transform,
        }
        metric = tfma.MetricConfig(
            class_name="RatioMetric",
            module="tfx_pipeline.ratio_metric",
            config=json.dumps(config),
        )
        threshold = tfma.MetricThreshold()
        if name in gates:
            threshold.value_threshold.CopyFrom(_bound(ratio, gates[name]))
        if name in no_worse:
            threshold.change_threshold.CopyFrom(_change(ratio, tolerance))
        if name in gates or name in no_worse:
            # A plain threshold would hold for every single slice.
            metric.per_slice_thresholds.add(
                slicing_specs=[tfma.SlicingSpec()], threshold=threshold
            )
        metrics.append(metric)
    return tfma.EvalConfig(
        model_specs=[tfma.ModelSpec(signature_name=SIGNATURE)],
        metrics_specs=[tfma.MetricsSpec(metrics=metrics)],
        slicing_specs=[tfma.SlicingSpec()]
        + [tfma.SlicingSpec(feature_keys=[key]) for key in slices],
    )


def in_words(
    ratios: Mapping[str, Ratio],
    gates: Mapping[str, float],
    no_worse: Sequence[str],
    better_than: Sequence[Comparison],
) -> dict[str, str]:
    """Returns metric name to its gates: "<= 0.05, < l1_copy_last, no worse"."""
    words: dict[str, list[str]] = {}
    for name, bound in gates.items():
        sign = ">=" if ratios[name].higher_is_better else "<="
        words.setdefault(name, []).append(f"{sign} {bound:g}")
    for metric, baseline, higher_is_better in better_than:
        sign = ">" if higher_is_better else "<"
        words.setdefault(metric, []).append(f"{sign} {baseline}")
    for name in no_worse:
        words.setdefault(name, []).append("no worse")
    return {name: ", ".join(parts) for name, parts in words.items()}


def _bound(ratio: Ratio, value: float) -> tfma.GenericValueThreshold:
    if ratio.higher_is_better:
        return tfma.GenericValueThreshold(lower_bound={"value": value})
    return tfma.GenericValueThreshold(upper_bound={"value": value})


def _change(ratio: Ratio, tolerance: float) -> tfma.GenericChangeThreshold:
    if ratio.higher_is_better:
        direction = tfma.MetricDirection.HIGHER_IS_BETTER
        tolerance = -tolerance
    else:
        direction = tfma.MetricDirection.LOWER_IS_BETTER
    # Without tolerance compare the difference: a relative one is undefined
    # where the last model's metric is 0.
    if not tolerance:
        return tfma.GenericChangeThreshold(
            absolute={"value": 0.0}, direction=direction
        )
    return tfma.GenericChangeThreshold(
        relative={"value": tolerance}, direction=direction
    )
