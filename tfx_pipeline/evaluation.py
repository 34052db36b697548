"""Reads what the Evaluator wrote, and says in words why it refused."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto import (
    metrics_for_slice_pb2,
    validation_result_pb2,
)

OVERALL = ""
# What TFMA calls the last blessed model where it compares two.
_LAST = "baseline"


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """Metrics of a model and of the last blessed one.

    Attributes:
      slices: slice ("" is overall, else "source: codraw") to metric name to
        value.
      last: the same for the last blessed model; empty where there is none.
      failures: sentences, one a threshold that was not held.
      notes: sentences, one a comparison with the last blessed model that
        TFMA cannot make, and that refuses nothing.
    """

    slices: Mapping[str, Mapping[str, float]]
    last: Mapping[str, Mapping[str, float]]
    failures: Sequence[str]
    notes: Sequence[str]


def read(directory: str) -> Evaluation:
    """Reads an Evaluator's output directory."""
    slices: dict[str, dict[str, float]] = {}
    last: dict[str, dict[str, float]] = {}
    for entry in tfma.load_metrics(directory):
        title = slice_title(entry.slice_key)
        for item in entry.metric_keys_and_values:
            if item.key.is_diff:
                continue
            models = last if item.key.model_name == _LAST else slices
            values = models.setdefault(title, {})
            values[item.key.name] = item.value.double_value.value
    failures, notes = [], []
    result = tfma.load_validation_result(directory)
    for checked in result.metric_validations_per_slice:
        title = slice_title(checked.slice_key)
        for failure in checked.failures:
            name = failure.metric_key.name
            value, before = (
                models.get(title, {}).get(name, math.nan)
                for models in (slices, last)
            )
            note = excuse(failure, value, before)
            if note:
                notes.append(note)
            else:
                failures.append(failure_in_words(failure, value, before))
    if not (result.validation_ok or failures or notes):
        # Such as no example where a threshold wants some.
        failures.append("the thresholds could not be checked")
    return Evaluation(slices, last, failures, notes)


def slice_title(key: metrics_for_slice_pb2.SliceKey) -> str:
    """Returns a slice as people read it: "source: codraw"."""
    parts = []
    for part in key.single_slice_keys:
        value = getattr(part, part.WhichOneof("kind"))
        if isinstance(value, bytes):
            value = value.decode(errors="replace")
        parts.append(f"{part.column}: {value}")
    return ", ".join(parts)


def excuse(
    failure: validation_result_pb2.ValidationFailure,
    value: float,
    last: float,
) -> str:
    """Returns why a failure refuses nothing, or "" where it does.

    TFMA compares by a quotient or a difference, and takes it for a failure
    where there is none: the last blessed model does not give the metric, or
    gives 0.

    Args:
      failure: which threshold was not held.
      value: the model's metric.
      last: the last blessed model's; nan where there is none.
    """
    threshold = failure.metric_threshold
    if not threshold.HasField("change_threshold") or math.isnan(value):
        return ""
    name = failure.metric_key.name
    if math.isnan(last):
        return (
            f"{name} was not compared with the last blessed model, which "
            "does not give it"
        )
    higher = tfma.MetricDirection.HIGHER_IS_BETTER
    is_higher_better = threshold.change_threshold.direction == higher
    if last == 0 and (value >= last if is_higher_better else value <= last):
        return f"{name} is no worse than the last blessed model's 0"
    return ""


def failure_in_words(
    failure: validation_result_pb2.ValidationFailure,
    value: float,
    last: float,
) -> str:
    """Returns one sentence, without a final stop.

    Args:
      failure: which threshold was not held.
      value: the model's metric.
      last: the last blessed model's; nan where there is none.
    """
    name = failure.metric_key.name
    threshold = failure.metric_threshold
    if threshold.HasField("value_threshold"):
        bounds = threshold.value_threshold
        if bounds.HasField("lower_bound"):
            return (
                f"{name} is {value:.4g}, and must be at least "
                f"{bounds.lower_bound.value:.4g}"
            )
        return (
            f"{name} is {value:.4g}, and must be at most "
            f"{bounds.upper_bound.value:.4g}"
        )
    if threshold.HasField("change_threshold"):
        tolerance = abs(threshold.change_threshold.relative.value)
        allowed = f" by more than {tolerance:.1%}" if tolerance else ""
        return (
            f"{name} is {value:.4g}, worse{allowed} than the last blessed "
            f"model's {last:.4g}"
        )
    return f"{name} could not be checked: {failure.message.strip()}"
