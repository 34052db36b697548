"""Tests what a run shows: the line of an epoch and the curves."""

from matplotlib.figure import Figure

from tests.training import toy
from tfstory.metrics.ratio import Ratio
from tfstory.training import callbacks, plots

ROWS = [
    {
        "stage": "first",
        "epoch": epoch,
        "steps": 3 * epoch,
        "seconds": 2.2,
        "examples_per_second": 51.3,
        "train": {"loss": 2.0 / epoch},
        "validation": {
            "loss": 3.0 / epoch,
            "error": 1.5,
            "error_of_zero": 0.92534,
        },
        "kept": epoch == 2,
    }
    for epoch in (1, 2)
]


def test_a_line_puts_baselines_in_brackets():
    assert callbacks.epoch_lines(ROWS[1], 2, toy.Toy) == (
        "first epoch 2/2: 2 s with validation, 51 examples/s in training\n"
        "  training: loss 1\n"
        "  validation: error 1.5 (of_zero 0.9253)"
    )


def test_lines_are_of_a_readable_width(monkeypatch):
    ratios = {
        f"metric_number_{number}": Ratio("error", "count")
        for number in range(12)
    }
    monkeypatch.setattr(toy.Toy, "ratios", ratios)
    row = {**ROWS[1], "validation": dict.fromkeys(ratios, 0.123456)}
    lines = callbacks.epoch_lines(row, 2, toy.Toy).splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 100
    shown = ", ".join(line.strip() for line in lines[2:])
    assert shown == "validation: " + ", ".join(f"{n} 0.1235" for n in ratios)


def test_a_line_leaves_out_what_the_data_do_not_have():
    validation = {"loss": 1.5, "error": float("nan")}
    lines = callbacks.epoch_lines(
        {**ROWS[1], "validation": validation}, 2, toy.Toy
    )
    assert lines.endswith("  training: loss 1")


def test_curves_have_a_panel_a_metric_with_its_baselines(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *_, **__: drawn.append(self)
    )
    plots.write_curves(
        tmp_path / "curves.png", ROWS, toy.Toy.ratios, {"loss": 0.7}
    )
    loss, error = drawn[0].axes
    assert (loss.get_title(), error.get_title()) == ("loss", "error")
    labels = [line.get_label() for line in loss.get_lines()]
    assert labels[:2] == ["train", "validation"]
    optimum = loss.get_lines()[-1]
    assert optimum.get_linestyle() == "-."
    assert list(optimum.get_ydata()) == [0.7, 0.7]
    baseline = error.get_lines()[1]
    assert baseline.get_label() == "error_of_zero"
    assert baseline.get_linestyle() == "--"
    assert list(baseline.get_ydata()) == [0.92534, 0.92534]
