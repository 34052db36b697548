"""Tests of `tfstory sweep`: what `results.json` holds, whatever happens."""

import json
import math
import pathlib

import pytest

from tfstory.commands import sweep

ROOT = pathlib.Path(__file__).parents[2]
CONFIG = f"--config={ROOT}/configs/gaussian_gan/seed.py"
TRAIN_ON = "stages.pretraining.epoch_steps"


class _System:
    ratios = {}

    @classmethod
    def comparison_sheet(cls, systems):
        return None


@pytest.fixture
def figures(monkeypatch):
    """What the next runs come to; an exception is raised in its turn."""
    found = []

    def measure(system, examples, batch_size):
        figure = found.pop(0)
        if isinstance(figure, BaseException):
            raise figure
        return 10, {"ks": figure}

    row = {"stage": "adversarial", "seconds": 1.0, "validation": {"ks": 0.4}}
    monkeypatch.setattr(sweep.train, "train", lambda *_: [row])
    monkeypatch.setattr(sweep.workdirs, "trained_system", lambda _: _System())
    monkeypatch.setattr(sweep.workdirs, "load_examples", lambda *_: None)
    monkeypatch.setattr(sweep.evaluate, "measure", measure)
    return found


@pytest.fixture
def swept(figures, tfstory, tmp_path):
    """Sweeps with made-up figures; returns the code and what came of it."""

    def run(values, *words):
        figures[:] = values
        code, out, err = tfstory(
            "sweep", CONFIG, f"--workdir={tmp_path}", *words
        )
        assert not figures, err
        run.out = out
        return code, _json(tmp_path / "results.json")

    return run


def _json(path):
    def refuse(word):
        raise ValueError(f"{word} is not JSON")

    return json.loads(path.read_text(), parse_constant=refuse)


def _figures(rows):
    return {(row["seed"], row["split"]): row["metrics"]["ks"] for row in rows}


def test_a_metric_that_is_not_finite_is_null(swept):
    code, rows = swept([math.inf, math.nan, 0.5], "--seeds", "0", "1", "2")
    assert code == 0
    assert [row["metrics"] for row in rows] == [
        {"ks": None},
        {"ks": None},
        {"ks": 0.5},
    ]


def test_a_sweep_that_is_killed_again_keeps_what_was_measured(swept):
    words = ["--seeds", "0", "1", "2"]
    swept([0.1, 0.2, 0.3], *words)
    code, rows = swept([0.4, KeyboardInterrupt()], *words)
    assert code == 130
    assert len(rows) == 3
    assert _figures(rows) == {
        (0, "test"): 0.4,
        (1, "test"): 0.2,
        (2, "test"): 0.3,
    }
    _, rows = swept([0.5, 0.6, 0.7], *words)
    assert [row["seed"] for row in rows] == [0, 1, 2]
    assert [row["metrics"]["ks"] for row in rows] == [0.5, 0.6, 0.7]


def test_other_seeds_splits_and_variants_stay(swept):
    swept([0.1], "--seeds", "0")
    swept([0.2], "--seeds", "1")
    _, rows = swept([0.3], "--seeds", "1", "--split=validation")
    assert _figures(rows) == {
        (0, "test"): 0.1,
        (1, "test"): 0.2,
        (1, "validation"): 0.3,
    }
    words = ["--seeds", "0", "--variant", "other"]
    _, more = swept([0.4], *words)
    assert more[:-1] == rows
    assert more[-1]["variant"] == "other"


def test_a_run_that_goes_on_with_other_words_replaces_its_rows(swept):
    def variant(steps):
        return ["--seeds", "0", "--variant", "long", f"{TRAIN_ON}={steps}"]

    swept([0.1], *variant(2))
    swept([0.2], *variant(2), "--split=validation")
    _, rows = swept([0.3], *variant(4))
    assert [row["overrides"] for row in rows] == [[f"{TRAIN_ON}=4"]]
    assert _figures(rows) == {(0, "test"): 0.3}


def test_runs_of_different_configs_are_not_averaged(swept, tmp_path):
    swept([1.0], "--seeds", "0")
    swept([5.0, 6.0], "--seeds", "1", "2", "--config.training.xla=True")
    (group,) = _json(tmp_path / "summary.json")
    assert group["seeds"] == [1, 2]
    assert group["metrics"]["ks"]["mean"] == pytest.approx(5.5)
    assert "default (2 seeds)" in swept.out


def test_the_summary_has_all_seeds_with_their_interval(swept, tmp_path):
    swept([1.0, 2.0], "--seeds", "0", "1")
    swept([3.0], "--seeds", "2")
    (group,) = _json(tmp_path / "summary.json")
    half = 4.30265 / math.sqrt(3)  # Student's t, 2 degrees of freedom.
    assert group["seeds"] == [0, 1, 2]
    assert group["metrics"]["ks"] == pytest.approx(
        {"mean": 2.0, "low": 2.0 - half, "high": 2.0 + half}, rel=1e-5
    )
    assert "default (3 seeds)" in swept.out
    assert swept.out.split("ks ")[1].split()[:3] == [
        "2.0000",
        "-0.4841",
        "4.4841",
    ]


def test_variants_are_compared_to_one_of_an_earlier_sweep(swept, tmp_path):
    swept([1.0, 2.0, 3.0], "--seeds", "0", "1", "2", "--variant", "first")
    words = ["--variant", "other", "--against", "first"]
    code, _ = swept([3.0, 5.0, 7.0], "--seeds", "0", "1", "2", *words)
    assert code == 0
    first, other = _json(tmp_path / "summary.json")
    assert first["metrics"]["ks"]["p"] is None
    assert other["metrics"]["ks"]["p"] == pytest.approx(0.10448, abs=1e-5)
    assert swept.out.count("0.1\n") == 1


def test_nothing_is_trained_against_an_unknown_variant(
    figures, tfstory, tmp_path
):
    figures.append(AssertionError("a run began"))
    words = [CONFIG, f"--workdir={tmp_path}", "--against", "former"]
    code, _, err = tfstory("sweep", *words)
    assert code == 1
    assert "no such variant; choose one of default" in err


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (f"{TRAIN_ON[:-1]}=9", "did you mean 'epoch_steps'?"),
        ("model.minibatch_kernels=-1", "model.minibatch_kernels must be"),
        # It would count for nothing.
        ("seed=3", "seeds are those of --seeds"),
    ],
)
def test_nothing_is_trained_where_a_variant_cannot_be(
    word, message, figures, tfstory, tmp_path
):
    figures.append(AssertionError("a run began"))
    variants = ["--variant", "none", "--variant", "long", word]
    code, _, err = tfstory("sweep", CONFIG, f"--workdir={tmp_path}", *variants)
    assert code == 1
    assert err.startswith("tfstory sweep: variant 'long': ")
    assert message in err


@pytest.mark.parametrize(
    "text", ['[{"variant": "no', "{}", "[1]", '[{"seed": 0}]', "\udcff"]
)
def test_results_that_cannot_be_read_stay_and_nothing_is_trained(
    text, figures, tfstory, tmp_path
):
    path = tmp_path / "results.json"
    content = text.encode(errors="surrogateescape")
    path.write_bytes(content)
    figures.append(AssertionError("a run began"))
    code, _, err = tfstory("sweep", CONFIG, f"--workdir={tmp_path}")
    assert code == 1
    assert err.count("\n") == 1
    assert f"{path} does not hold the rows of a sweep" in err
    assert path.read_bytes() == content
