"""Gates have the right direction, and hold on the overall slice."""

import pytest
import tensorflow_model_analysis as tfma
from tensorflow_model_analysis.evaluators import metrics_validator

from tfstory import stories
from tfstory.errors import UserError
from tfstory.metrics.ratio import Ratio
from tfx_pipeline import gates

_RATIOS = {
    "l1": Ratio("error", "pixels"),
    "accuracy": Ratio("right", "tokens", higher_is_better=True),
    "free": Ratio("right", "tokens"),
}
_WITH_BASELINES = {
    **_RATIOS,
    "l1_copy": Ratio("copy", "pixels", baseline_of="l1"),
    "l1_mean": Ratio("mean", "pixels", baseline_of="l1"),
    # A baseline has the direction of its metric, whatever it says itself.
    "accuracy_frequent": Ratio("frequent", "tokens", baseline_of="accuracy"),
}


def _thresholds(config):
    return {
        metric.class_name == "RatioMetric" and metric.config: (
            metric.per_slice_thresholds
        )
        for metric in config.metrics_specs[0].metrics
    }


def _threshold(config, name):
    (found,) = (
        thresholds
        for key, thresholds in _thresholds(config).items()
        if key and f'"name": "{name}"' in key
    )
    (entry,) = found
    assert list(entry.slicing_specs) == [tfma.SlicingSpec()]
    return entry.threshold


def test_bounds_follow_the_direction():
    config = gates.eval_config(_RATIOS, {"l1": 0.25, "accuracy": 0.5}, [])
    l1 = _threshold(config, "l1").value_threshold
    assert l1.upper_bound.value == 0.25
    assert not l1.HasField("lower_bound")
    accuracy = _threshold(config, "accuracy").value_threshold
    assert accuracy.lower_bound.value == 0.5
    assert not accuracy.HasField("upper_bound")


def test_change_follows_the_direction():
    config = gates.eval_config(_RATIOS, {"l1": 1.0}, ["l1", "accuracy"])
    l1 = _threshold(config, "l1").change_threshold
    accuracy = _threshold(config, "accuracy").change_threshold
    assert l1.direction == tfma.MetricDirection.LOWER_IS_BETTER
    assert accuracy.direction == tfma.MetricDirection.HIGHER_IS_BETTER
    assert l1.absolute.value == accuracy.absolute.value == 0.0
    assert l1.HasField("absolute")


def test_tolerance_has_the_sign_of_getting_worse():
    config = gates.eval_config(
        _RATIOS, {"l1": 1.0}, ["l1", "accuracy"], tolerance=0.02
    )
    l1 = _threshold(config, "l1").change_threshold
    accuracy = _threshold(config, "accuracy").change_threshold
    assert l1.relative.value == pytest.approx(0.02)
    assert accuracy.relative.value == pytest.approx(-0.02)


def test_slices_are_overall_and_those_of_the_format():
    slices = stories.example_format(5).slices
    config = gates.eval_config(_RATIOS, {"l1": 1.0}, [], slices=slices)
    keys = [list(spec.feature_keys) for spec in config.slicing_specs]
    assert keys == [[], ["source"], ["story_length"]]


def test_a_gate_on_an_unknown_metric_names_the_known_ones():
    with pytest.raises(UserError, match="'l2' is no metric .* accuracy"):
        gates.eval_config(_RATIOS, {"l2": 1.0}, [])
    with pytest.raises(UserError, match="'fid' is no metric"):
        gates.eval_config(_RATIOS, {"l1": 1.0}, ["fid"])


def test_without_a_gate_nothing_could_be_blessed():
    with pytest.raises(UserError, match="gates is empty"):
        gates.eval_config(_RATIOS, {}, ["l1"])


@pytest.mark.parametrize(
    ("tolerance", "last", "now", "blessed"),
    [
        (0.0, 0.10, 0.10, True),
        (0.0, 0.10, 0.101, False),
        (0.02, 0.10, 0.101, True),
        (0.02, 0.10, 0.103, False),
        (0.0, 0.10, 0.05, True),
        (0.0, 0.40, 0.31, False),  # better than before, beyond the bound
    ],
)
def test_tfma_judges_by_bound_and_by_the_last_model(
    tolerance, last, now, blessed
):
    # TFMA moved it.
    module = getattr(tfma, "utils", tfma)
    config = module.update_eval_config_with_defaults(
        gates.eval_config(
            {"l1": _RATIOS["l1"]}, {"l1": 0.3}, ["l1"], tolerance
        ),
        has_baseline=True,
        rubber_stamp=True,
    )
    key = tfma.metrics.MetricKey("l1", model_name="candidate")
    metrics = {
        key: now,
        key.make_baseline_key("baseline"): last,
        key.make_diff_key(): now - last,
    }
    result = metrics_validator.validate_metrics(((), metrics), config)
    assert result.validation_ok == blessed


def test_a_metric_stands_for_all_its_baselines_a_baseline_for_itself():
    def pairs(*names):
        return [pair[:2] for pair in gates.comparisons(_WITH_BASELINES, names)]

    assert pairs("l1") == [("l1", "l1_copy"), ("l1", "l1_mean")]
    assert pairs("l1_mean") == [("l1", "l1_mean")]
    assert pairs("l1_mean", "l1") == [("l1", "l1_mean"), ("l1", "l1_copy")]
    assert pairs() == []


@pytest.mark.parametrize("name", ["free", "fid"])
def test_a_metric_without_baselines_cannot_beat_them(name):
    with pytest.raises(UserError, match=f"'{name}' has no .* accuracy, l1$"):
        gates.comparisons(_WITH_BASELINES, [name])


@pytest.mark.parametrize(
    ("name", "values", "refused"),
    [
        ("l1_copy", {"l1": 0.1, "l1_copy": 0.2}, False),
        ("l1_copy", {"l1": 0.2, "l1_copy": 0.2}, True),
        ("l1_copy", {"l1": 0.3, "l1_copy": 0.2}, True),
        ("l1_copy", {"l1": float("nan"), "l1_copy": 0.2}, True),
        ("l1_copy", {"l1": 0.1}, True),
        ("accuracy", {"accuracy": 0.6, "accuracy_frequent": 0.5}, False),
        ("accuracy", {"accuracy": 0.4, "accuracy_frequent": 0.5}, True),
    ],
)
def test_only_a_strictly_better_value_beats_a_baseline(name, values, refused):
    pairs = gates.comparisons(_WITH_BASELINES, [name])
    assert bool(gates.not_beaten(values, pairs)) == refused


def test_a_baseline_that_is_not_beaten_is_named_with_both_values():
    pairs = gates.comparisons(_WITH_BASELINES, ["l1_copy"])
    assert gates.not_beaten({"l1": 0.3, "l1_copy": 0.2}, pairs) == [
        "l1 is 0.3, no better than l1_copy with 0.2"
    ]


def test_a_metric_has_all_its_gates_in_words():
    words = gates.in_words(
        _WITH_BASELINES,
        {"l1": 0.04, "accuracy": 0.5},
        ["l1", "free"],
        gates.comparisons(_WITH_BASELINES, ["l1_copy", "accuracy"]),
    )
    assert words == {
        "l1": "<= 0.04, < l1_copy, no worse",
        "accuracy": ">= 0.5, > accuracy_frequent",
        "free": "no worse",
    }
