"""Tests of the curves of a sweep: what each panel shows."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from tfstory.commands import sweep_curves
from tfstory.metrics.ratio import Ratio

RATIOS = {
    "ks": Ratio("difference", "count"),
    "ks_uniform": Ratio("uniform", "count", baseline_of="ks"),
}


def _run(stage, *values):
    return [
        {"stage": stage, "validation": {"ks": value, "ks_uniform": 0.3}}
        for value in values
    ]


@pytest.fixture
def panels(monkeypatch):
    """Stage to its panels: metric to axes."""
    found = {}

    def write_panels(path, title, names, draw):
        axes = {name: Figure().subplots() for name in names}
        for name in names:
            draw(axes[name], name)
        found[path.name] = axes

    monkeypatch.setattr(sweep_curves.plots, "write_panels", write_panels)
    return found


def test_lines_are_means_over_seeds_of_the_epochs_that_all_have(panels):
    histories = {
        "none": [_run("adversarial", 0.5, 0.3), _run("adversarial", 0.7, 0.5)],
        "long": [
            _run("pretraining", 0.9) + _run("adversarial", 0.4, 0.2, 0.1),
            _run("pretraining", 0.9) + _run("adversarial", 0.2),
        ],
    }
    written = sweep_curves.write("sweep", histories, RATIOS)
    assert [path.name for path in written] == [
        "curves_adversarial.png",
        "curves_pretraining.png",
    ]
    # The baseline has no panel of its own.
    assert [list(axes) for axes in panels.values()] == [["ks"], ["ks"]]
    axes = panels["curves_adversarial.png"]["ks"]
    lines = {line.get_label(): line.get_xydata() for line in axes.lines}
    assert list(lines) == ["none", "long", "ks_uniform"]
    np.testing.assert_allclose(lines["none"], [[1, 0.6], [2, 0.4]])
    np.testing.assert_allclose(lines["long"], [[1, 0.3]])
    np.testing.assert_allclose(lines["ks_uniform"], [[1, 0.3], [2, 0.3]])
    band = axes.collections[0].get_paths()[0].get_extents()
    np.testing.assert_allclose([band.ymin, band.ymax], [0.3, 0.7])
    (line, baseline) = panels["curves_pretraining.png"]["ks"].lines
    assert line.get_label() == "long"
    np.testing.assert_allclose(line.get_xydata(), [[1, 0.9]])
    assert baseline.get_linestyle() == "--"


def test_a_metric_that_an_epoch_lacks_is_left_out(panels):
    """As where a run goes on with a version that measures more."""
    run = _run("adversarial", 0.5, 0.3)
    run[1]["validation"]["new"] = 1.0
    run[0]["validation"]["old"] = 1.0
    sweep_curves.write("sweep", {"none": [run]}, RATIOS)
    assert list(panels["curves_adversarial.png"]) == ["ks"]


def test_the_picture(tmp_path):
    (path,) = sweep_curves.write(
        str(tmp_path), {"none": [_run("adversarial", 0.5, 0.3)]}, RATIOS
    )
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_metric_that_one_variant_has_alone(panels):
    histories = {
        "none": [_run("adversarial", 0.5)],
        "oracle": [[{"stage": "adversarial", "validation": {"nll": 2.0}}]],
    }
    sweep_curves.write("sweep", histories, RATIOS)
    (axes,) = panels.values()
    assert [line.get_label() for line in axes["nll"].lines] == ["oracle"]


def test_a_metric_that_is_never_a_number_has_no_panel(panels):
    run = [{"stage": "adversarial", "validation": {"ks": 0.2, "peak": np.nan}}]
    sweep_curves.write("sweep", {"none": [run]}, {})
    assert list(panels["curves_adversarial.png"]) == ["ks"]
