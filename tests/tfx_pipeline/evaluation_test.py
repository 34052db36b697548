"""A refused model is refused in words."""

import math

import pytest
import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.proto import (
    metrics_for_slice_pb2,
    validation_result_pb2,
)

from tfx_pipeline import evaluation

_Failure = validation_result_pb2.ValidationFailure


def _failure(**threshold):
    failure = _Failure(metric_threshold=tfma.MetricThreshold(**threshold))
    failure.metric_key.name = "l1"
    return failure


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        (
            {"value_threshold": {"upper_bound": {"value": 0.03}}},
            "l1 is 0.04125, and must be at most 0.03",
        ),
        (
            {"value_threshold": {"lower_bound": {"value": 0.5}}},
            "l1 is 0.04125, and must be at least 0.5",
        ),
        (
            {"change_threshold": {"absolute": {"value": 0.0}}},
            "l1 is 0.04125, worse than the last blessed model's 0.04",
        ),
        (
            {"change_threshold": {"relative": {"value": -0.02}}},
            "l1 is 0.04125, worse by more than 2.0% than the last blessed "
            "model's 0.04",
        ),
    ],
)
def test_failures_in_words(threshold, words):
    found = evaluation.failure_in_words(_failure(**threshold), 0.04125, 0.04)
    assert found == words


_LOWER = tfma.MetricDirection.LOWER_IS_BETTER
_HIGHER = tfma.MetricDirection.HIGHER_IS_BETTER


def _change(direction):
    return _failure(
        change_threshold={"relative": {"value": 0.0}, "direction": direction}
    )


@pytest.mark.parametrize(
    ("failure", "value", "last", "words"),
    [
        # New to the last blessed model.
        (_change(_LOWER), 0.1, math.nan, "l1 was not compared"),
        # A quotient of 0 is none.
        (_change(_HIGHER), 0.1, 0.0, "l1 is no worse than"),
        (_change(_LOWER), 0.0, 0.0, "l1 is no worse than"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_noted(failure, value, last, words):
    assert evaluation.excuse(failure, value, last).startswith(words)


@pytest.mark.parametrize(
    ("failure", "value", "last"),
    [
        (_change(_LOWER), math.nan, math.nan),
        (_change(_LOWER), math.nan, 0.1),
        (_change(_LOWER), 0.2, 0.1),
        (_change(_LOWER), 0.2, 0.0),
        (_change(_HIGHER), -0.2, 0.0),
        (
            _failure(value_threshold={"upper_bound": {"value": 0.03}}),
            0.2,
            math.nan,
        ),
    ],
)
def test_nothing_else_is_excused(failure, value, last):
    assert evaluation.excuse(failure, value, last) == ""


def test_a_metric_that_is_missing_is_named():
    failure = _failure()
    failure.message = "Metric not found."
    found = evaluation.failure_in_words(failure, math.nan, math.nan)
    assert found == "l1 could not be checked: Metric not found."


def test_slices_are_titled_for_people():
    key = metrics_for_slice_pb2.SliceKey()
    assert evaluation.slice_title(key) == evaluation.OVERALL
    key.single_slice_keys.add(column="source", bytes_value=b"codraw")
    assert evaluation.slice_title(key) == "source: codraw"
    key.single_slice_keys.add(column="story_length", int64_value=5)
    assert evaluation.slice_title(key) == "source: codraw, story_length: 5"


def test_a_refusal_without_a_reason_is_a_failure_all_the_same(monkeypatch):
    result = validation_result_pb2.ValidationResult(validation_ok=False)
    monkeypatch.setattr(tfma, "load_metrics", lambda directory: [])
    monkeypatch.setattr(
        tfma, "load_validation_result", lambda directory: result
    )
    assert evaluation.read("").failures == [
        "the thresholds could not be checked"
    ]
    result.validation_ok = True
    assert not evaluation.read("").failures
