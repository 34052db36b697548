"""The validation metrics of a sweep's variants over their epochs, as PNG."""

import itertools
import pathlib
from collections.abc import Mapping, Sequence

import numpy as np

from tfstory.metrics.ratio import Ratio, baselines, without_baselines
from tfstory.training import plots
from tfstory.training.history import Row

# Variant to the histories of its seeds.
Histories = Mapping[str, Sequence[Sequence[Row]]]


def write(
    directory: str, histories: Histories, ratios: Mapping[str, Ratio]
) -> list[pathlib.Path]:
    """Draws each stage's metrics, a line a variant.

    Lines are means over the seeds, in a band from the least to the greatest;
    the trivial baselines of a metric are grey, of the first variant that has
    it.

    Args:
      directory: of the sweep; gets `curves_<stage>.png`.
      histories: of one variant or more.
      ratios: `System.ratios`, which name the baselines.

    Returns:
      What was written.
    """
    stages = {
        row["stage"]: None
        for runs in histories.values()
        for rows in runs
        for row in rows
    }
    written = []
    for stage in stages:
        curves = {
            variant: _curves(runs, stage) for variant, runs in histories.items()
        }
        # Without those that are never a number: an oracle's, say, where the
        # data are of none.
        names = {
            name: None
            for found in curves.values()
            for name, values in found.items()
            if np.isfinite(values).any()
        }
        shown = without_baselines(ratios, names)
        if shown:
            path = pathlib.Path(directory, f"curves_{stage}.png")
            plots.write_panels(
                path,
                f"{stage}: validation, means over seeds",
                shown,
                lambda axes, name, curves=curves: _draw(
                    axes, name, curves, ratios
                ),
            )
            written.append(path)
    return written


def _curves(runs: Sequence[Sequence[Row]], stage: str) -> dict[str, np.ndarray]:
    """Returns metric to float `[seeds, epochs]`, of what all have."""
    rows = [[row for row in run if row["stage"] == stage] for run in runs]
    epochs = min(map(len, rows))
    if not epochs:
        return {}
    return {
        name: np.array(
            [[row["validation"][name] for row in run[:epochs]] for run in rows]
        )
        for name in rows[0][0]["validation"]
        if all(name in row["validation"] for run in rows for row in run)
    }


def _draw(axes, name, curves, ratios) -> None:
    for variant, found in curves.items():
        if name in found:
            values = found[name]
            epochs = 1 + np.arange(values.shape[1])
            (line,) = axes.plot(
                epochs, values.mean(axis=0), "o-", label=variant, markersize=3
            )
            axes.fill_between(
                # A band of one epoch has no width but its edge's.
                epochs,
                values.min(axis=0),
                values.max(axis=0),
                color=line.get_color(),
                alpha=0.15,
                linewidth=1 if len(epochs) > 1 else 5,
            )
    first = next(found for found in curves.values() if name in found)
    styles = itertools.cycle(["--", ":", "-."])
    for other in baselines(ratios, name, first):
        plots.draw_level(
            axes,
            first[other].mean(axis=0),
            other,
            linestyle=next(styles),
            color="grey",
        )
