"""The Evaluator blesses what is good, served well, and nothing else."""

import json
import os

import pytest
from tfx.components.evaluator import executor as tfx_evaluator
from tfx.types import standard_artifacts

from tfx_pipeline import evaluation, gates
from tfx_pipeline.components import evaluator

_BEATS_COPY = gates.Comparison("l1", "l1_copy", False)


@pytest.fixture
def decide(tmp_path, monkeypatch):
    """Runs the executor on what TFX's has found; returns the blessing."""

    def tfx_refuses(self, input_dict, output_dict, exec_properties):
        (blessing,) = output_dict["blessing"]
        os.makedirs(blessing.uri)
        with open(os.path.join(blessing.uri, "NOT_BLESSED"), "w"):
            pass
        blessing.set_int_custom_property("blessed", 0)

    monkeypatch.setattr(tfx_evaluator.Executor, "Do", tfx_refuses)

    def run(values, failures=(), notes=(), served=True):
        monkeypatch.setattr(
            evaluation,
            "read",
            lambda directory: evaluation.Evaluation(
                {"": values}, {}, list(failures), list(notes)
            ),
        )
        infra_blessing = standard_artifacts.InfraBlessing()
        infra_blessing.set_int_custom_property("blessed", int(served))
        measured = standard_artifacts.ModelEvaluation()
        blessing = standard_artifacts.ModelBlessing()
        blessing.uri = str(tmp_path / "blessing")
        evaluator.Executor().Do(
            {"infra_blessing": [infra_blessing]},
            {"evaluation": [measured], "blessing": [blessing]},
            {"better_than": json.dumps([_BEATS_COPY])},
        )
        return blessing

    return run


def _is_blessed(blessing):
    blessed = bool(blessing.get_int_custom_property("blessed"))
    names = set(os.listdir(blessing.uri)) - {evaluator.DECISION_FILE}
    assert names == {"BLESSED" if blessed else "NOT_BLESSED"}
    return blessed


def _decision(blessing):
    with open(os.path.join(blessing.uri, evaluator.DECISION_FILE)) as file:
        return json.load(file)


def test_notes_refuse_nothing(decide):
    blessing = decide({"l1": 0.1, "l1_copy": 0.2}, notes=["l2 is new"])
    assert _is_blessed(blessing)
    assert _decision(blessing) == {"refusals": [], "notes": ["l2 is new"]}


def test_a_threshold_that_is_not_held_refuses(decide):
    blessing = decide({"l1": 0.1, "l1_copy": 0.2}, failures=["l1 is bad"])
    assert not _is_blessed(blessing)
    assert _decision(blessing)["refusals"] == ["l1 is bad"]


def test_a_baseline_that_is_not_beaten_refuses(decide):
    blessing = decide({"l1": 0.2, "l1_copy": 0.2})
    assert not _is_blessed(blessing)
    assert _decision(blessing)["refusals"] == [
        "l1 is 0.2, no better than l1_copy with 0.2"
    ]


def test_what_cannot_be_served_is_no_model_to_start_from(decide):
    blessing = decide({"l1": 0.1, "l1_copy": 0.2}, served=False)
    assert not _is_blessed(blessing)
    # The serving validator gives its own reasons.
    assert _decision(blessing)["refusals"] == []
