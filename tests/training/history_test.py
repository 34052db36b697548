"""Tests the history of a run."""

import json
import math

import pytest

from tfstory.training.checkpoints import Position
from tfstory.training.history import History

STAGES = ["a", "b"]


def row(stage, epoch, error, kept=False):
    return {
        "stage": stage,
        "epoch": epoch,
        "train": {"error": 1.5},
        "validation": {"error": error},
        "kept": kept,
    }


def history(tmp_path):
    history = History(tmp_path / "history.json")
    history.add(row("a", 1, 3.0))
    history.add(row("a", 2, math.nan))
    history.add(row("a", 3, 1.0))
    history.add(row("a", 4, 1.0, kept=True))
    history.add(row("b", 1, 2.0, kept=True))
    return history


def test_the_best_epoch_is_the_first_with_the_best_finite_value(tmp_path):
    rows = history(tmp_path)
    assert rows.best_epoch("a", "error", higher=False) == 3
    assert rows.best_epoch("a", "error", higher=True) == 1
    assert rows.best_epoch("none", "error", higher=True) is None


def test_cut_drops_what_is_done_again(tmp_path):
    rows = history(tmp_path)
    rows.cut(STAGES, Position(1, 0, 0))
    assert [r["kept"] for r in rows.rows] == [False, False, False, True]
    rows.cut(STAGES, Position(0, 4, 0))
    assert [r["kept"] for r in rows.rows] == [False] * 4
    rows.cut(STAGES, Position(0, 2, 5))
    assert [r["epoch"] for r in rows.rows] == [1, 2]
    rows.cut(STAGES, Position(0, 0, 0))
    assert rows.rows == []


def test_marks_one_epoch_and_is_read_again(tmp_path):
    rows = history(tmp_path)
    rows.mark_kept("a", 3)
    rows.write()
    again = History(tmp_path / "history.json")
    assert [r["epoch"] for r in again.of("a") if r["kept"]] == [3]
    assert [r["kept"] for r in again.of("b")] == [True]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_null_in_the_file(tmp_path, value):
    def refuse(word):
        raise ValueError(f"{word} is not JSON")

    rows = History(tmp_path / "history.json")
    rows.add(row("a", 1, value))
    rows.add(row("a", 2, 0.0))
    rows.write()
    text = (tmp_path / "history.json").read_text()
    first, second = json.loads(text, parse_constant=refuse)
    assert first == row("a", 1, None)
    assert second == row("a", 2, 0.0)
    again = History(tmp_path / "history.json")
    assert math.isnan(again.rows[0]["validation"]["error"])
    assert again.rows[0]["train"] == {"error": 1.5}
    assert again.best_epoch("a", "error", higher=False) == 2


def test_a_damaged_file_begins_anew(tmp_path, caplog):
    (tmp_path / "history.json").write_text("[{")
    assert History(tmp_path / "history.json").rows == []
    assert "begins anew" in caplog.text
