"""The decision and the metrics beside their baselines."""

import dataclasses
import json
import math

import pytest

from tfstory.metrics.ratio import Ratio
from tfx_pipeline import summary
from tfx_pipeline.evaluation import Evaluation

RATIOS = {
    "l1": Ratio("error", "pixels", about="error of the picture & of 1"),
    "l1_copy": Ratio("copy", "pixels", baseline_of="l1"),
    "accuracy": Ratio("right", "tokens", higher_is_better=True),
}
EVALUATION = Evaluation(
    slices={
        "": {"l1": 0.02, "l1_copy": 0.05, "accuracy": 0.9, "example_count": 8},
        "source: toy": {"l1": 0.02, "example_count": 8},
    },
    last={"": {"l1": 0.03, "accuracy": float("nan")}},
    failures=[],
    notes=[],
)


def rows():
    """Returns the metrics of `EVALUATION`."""
    gates = {"l1": "<= 0.04, no worse", "accuracy": "no worse"}
    return summary.metric_rows(RATIOS, gates, EVALUATION)


def make(refusals=()) -> summary.Summary:
    """Returns a summary of a blessed or a refused model."""
    pushed_to = "" if refusals else "/models/toy/7"
    return summary.Summary(
        pipeline_name="toy",
        started="2026-07-01 09:30:00.000+02:00",
        decision=summary.decision(refusals, pushed_to),
        refusals=list(refusals),
        notes=["accuracy was not compared"],
        pushed_to=pushed_to,
        model_dir="/runs/model",
        workdir="/runs/model_run",
        warm_start="from scratch",
        examples=8,
        metrics=rows(),
        slices={"source: toy": {"l1": 0.02, "example_count": 8}},
        splits={"train": 24, "test": 8},
        latency_ms={"predict_next": 12.5},
        server="serving.server",
        timings=[
            summary.Timing("Trainer", 61.5, False),
            summary.Timing("Transform", 0.1, True),
        ],
    )


def test_few_held_out_examples_are_a_doubt():
    assert summary.doubts(30) == []
    assert summary.doubts(2) == [
        "only 2 examples were held out, so that the figures mean little"
    ]
    assert summary.doubts(1)[0].startswith("only 1 example was held out")


def test_baselines_stand_beside_their_metric_not_among_the_rows():
    l1, accuracy = rows()
    assert l1.name == "l1"
    assert l1.baselines == {"l1_copy": 0.05}
    assert (l1.value, l1.last) == (0.02, 0.03)
    assert l1.bound == "<= 0.04, no worse"
    assert accuracy.bound == "no worse"
    assert accuracy.baselines == {}


def test_a_last_model_without_the_metric_has_no_value():
    assert rows()[1].last is None


def test_what_nothing_was_there_to_measure_by_has_no_row():
    nothing = dataclasses.replace(
        EVALUATION, slices={"": {"l1": float("nan"), "accuracy": float("nan")}}
    )
    found = summary.metric_rows(RATIOS, {"l1": "<= 0.04"}, nothing)
    # A gate is always shown, with what it was to hold.
    assert [row.name for row in found] == ["l1"]


def test_decision_names_the_place_or_every_reason():
    assert summary.decision([], "/m/1") == "Blessed and pushed to /m/1."
    refused = summary.decision(["l1 is bad", "predict fails"], "")
    assert refused == ("Not blessed, not pushed: l1 is bad; predict fails.")


def test_refused_is_not_blessed():
    assert make().blessed
    assert not make(["l1 is bad"]).blessed


def test_the_table_is_aligned():
    lines = summary.table(rows()).splitlines()
    assert len(lines) == 3
    start = lines[0].index("model")
    assert [line[start:].split()[0] for line in lines[1:]] == ["0.02", "0.9"]
    assert lines[1].endswith("l1_copy 0.05")


def test_what_is_written_is_read_again(tmp_path):
    path = str(tmp_path / "summary.json")
    summary.write(make(["l1 is bad"]), path)
    assert summary.read(path) == make(["l1 is bad"])


def test_what_nothing_was_counted_for_is_null(tmp_path):
    path = str(tmp_path / "summary.json")
    row = summary.MetricRow(
        "decided", math.nan, None, {"decided_most": math.nan}, "", True
    )
    written = dataclasses.replace(
        make(), metrics=[row], slices={"source: toy": {"decided": math.inf}}
    )
    summary.write(written, path)
    with open(path) as file:
        values = json.load(file, parse_constant=pytest.fail)
    assert values["metrics"][0]["value"] is None
    read = summary.read(path)
    assert math.isnan(read.metrics[0].value)
    assert math.isnan(read.metrics[0].baselines["decided_most"])
    assert math.isnan(read.slices["source: toy"]["decided"])
