"""What a sweep's rows come to."""

import math

import pytest

from tfstory.commands import sweep_summary


def _row(seed, value, variant="a", split="test", config="c"):
    return {
        "variant": variant,
        "config": config,
        "seed": seed,
        "split": split,
        "metrics": {"bleu": value},
    }


def _means(summary):
    return {
        (group["variant"], group["split"]): group["metrics"]["bleu"]["mean"]
        for group in summary
    }


def test_variants_and_splits_are_apart():
    rows = [
        _row(0, 1.0),
        _row(1, 3.0),
        _row(0, 5.0, split="validation"),
        _row(0, 7.0, variant="b"),
    ]
    assert _means(sweep_summary.summarise(rows)) == {
        ("a", "test"): 2.0,
        ("a", "validation"): 5.0,
        ("b", "test"): 7.0,
    }


def test_runs_with_other_values_than_the_last_do_not_count():
    rows = [
        _row(0, 1.0, config="c1"),
        _row(1, 3.0, config="c2"),
        _row(2, 5.0, config="c2"),
    ]
    (group,) = sweep_summary.summarise(rows)
    assert group["seeds"] == [1, 2]
    assert group["metrics"]["bleu"]["mean"] == 4.0


def test_variants_are_compared_on_the_same_split():
    rows = [
        *(_row(seed, seed) for seed in (1, 2, 3)),
        *(_row(seed, 2 * seed + 1, variant="b") for seed in (1, 2, 3)),
        *(_row(seed, seed, "b", "validation") for seed in (1, 2, 3)),
    ]
    groups = sweep_summary.summarise(rows, against="a")
    of_a, on_test, on_validation = [g["metrics"]["bleu"]["p"] for g in groups]
    assert math.isnan(of_a) and math.isnan(on_validation)
    assert on_test == pytest.approx(0.10448, abs=1e-5)


def test_what_is_not_known_is_no_number():
    rows = [_row(0, 1.0), _row(1, None)]
    (group,) = sweep_summary.summarise(rows)
    assert all(math.isnan(v) for v in group["metrics"]["bleu"].values())


def test_table_shows_one_split():
    rows = [_row(0, 1.0), _row(1, 3.0), _row(0, 5.0, split="validation")]
    lines = sweep_summary.table(
        sweep_summary.summarise(rows), "validation"
    ).splitlines()
    assert lines[0].split() == ["metric", "mean", "95", "%", "from", "to"]
    assert lines[1] == "a (1 seed)"
    assert lines[2].split() == ["bleu", "5.0000", "-", "-"]
    assert len(lines) == 3
