"""Tests of the curves of training: what stands beside a metric."""

import math

import pytest
from matplotlib.figure import Figure

from tfstory.metrics.ratio import Ratio
from tfstory.training import plots


@pytest.mark.parametrize("levels", [[0.3], [0.3, 0.2, 0.2]])
def test_a_level_is_seen_after_one_epoch_already(levels):
    axes = Figure().subplots()
    plots.draw_level(axes, levels, "mean_picture", color="grey")
    (line,) = axes.lines
    assert (line.get_label(), line.get_color()) == ("mean_picture", "grey")
    assert line.get_linestyle() == "--"
    assert len(set(line.get_xdata())) > 1
    assert set(line.get_ydata()) == set(levels)


def test_levels_are_told_apart():
    axes = Figure().subplots()
    axes.plot([1], [0.1])
    for level in (0.2, 0.3):
        plots.draw_level(axes, [level], str(level))
    assert len({line.get_color() for line in axes.lines}) == 3


def test_what_the_data_do_not_have_has_no_panel(tmp_path, monkeypatch):
    ratios = {
        name: Ratio("sum", "count", baseline_of=of)
        for name, of in (("l1", ""), ("oracle", ""), ("mean", "l1"))
    }
    validation = {"l1": 0.5, "oracle": math.nan, "mean": math.nan}
    row = {
        "stage": "first",
        "epoch": 1,
        "train": {"loss": 1.0},
        "validation": validation,
        "kept": False,
    }
    drawn = {}

    def watched(path, title, names, draw):
        for name in names:
            axes = Figure().subplots()
            draw(axes, name)
            drawn[name] = [line.get_label() for line in axes.lines]

    monkeypatch.setattr(plots, "write_panels", watched)
    plots.write_curves(tmp_path / "a.png", [row], ratios, {})
    assert drawn == {"loss": ["train"], "l1": ["validation"]}


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([100.0, 120.0, 10_000.0], "log"),
        ([100.0, 120.0, 1_000.0], "linear"),
        ([0.0, 120.0, 10_000.0], "linear"),
    ],
)
def test_curves_of_other_sizes_are_seen_beside_each_other(
    values, scale, tmp_path, monkeypatch
):
    found = []
    save = Figure.savefig

    def watched(figure, *args, **kwargs):
        found.extend(axes.get_yscale() for axes in figure.axes)
        save(figure, *args, **kwargs)

    def draw(axes, name):
        axes.plot(range(3), values, label=name)
        axes.axvline(1)

    def draw_one_epoch(axes, name):
        axes.plot([1], values[:1], label=name)
        plots.draw_level(axes, values[2:], "chance")

    monkeypatch.setattr(Figure, "savefig", watched)
    for panel in (draw, draw_one_epoch):
        plots.write_panels(tmp_path / "a.png", "title", ["a"], panel)
    assert found == [scale, scale]
