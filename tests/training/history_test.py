"""Tests the history of a run."""

import math

from tfstory.training.checkpoints import Position
from tfstory.training.history import History

STAGES = ["a", "b"]


def row(stage, epoch, error, kept=False):
    return {
        "stage": stage,
        "epoch": epoch,
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


def test_a_damaged_file_begins_anew(tmp_path, caplog):
    (tmp_path / "history.json").write_text("[{")
    assert History(tmp_path / "history.json").rows == []
    assert "begins anew" in caplog.text
