"""Loss curves as PNG."""

import io
import math
import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfstory.metrics.ratio import Ratio, baselines, without_baselines
from tfstory.training import files
from tfstory.training.history import Row

_COLUMNS = 3
# How often the least value goes into the greatest on a linear scale.
_MOST_LINEAR = 20


def write_curves(
    path: pathlib.Path,
    rows: Sequence[Row],
    ratios: Mapping[str, Ratio],
    optima: Mapping[str, float],
) -> None:
    """Draws a stage's metrics over its epochs, one panel a metric.

    Training and validation are lines; the trivial baselines of a metric are
    dashed, and a dotted upright line shows the epoch that was kept.

    Args:
      path: the PNG.
      rows: the stage's rows of the history.
      ratios: `System.ratios`, which name the baselines.
      optima: `StagePlan.optima`, which are dash-dotted lines.
    """
    if not rows:
        return
    names = [
        name
        for name in without_baselines(
            ratios, {**rows[0]["train"], **rows[0]["validation"]}
        )
        if _has_values(name, rows)
    ]

    def draw(axes, name):
        _draw(axes, name, rows, ratios)
        if name in optima:
            axes.axhline(optima[name], color="k", linestyle="-.", linewidth=1)

    write_panels(path, rows[0]["stage"], names, draw)


def write_panels(
    path: pathlib.Path,
    title: str,
    names: Sequence[str],
    draw: Callable[[Any, str], None],
) -> None:
    """Draws metrics over epochs, one panel each.

    Args:
      path: the PNG.
      title: above all panels.
      names: of the metrics, one or more.
      draw: draws a metric's lines, which have labels: `(axes, name)`.
    """
    # Slow to import; the figure class draws without any display.
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    columns = min(_COLUMNS, len(names))
    lines = -(-len(names) // columns)
    figure = Figure(
        figsize=(4.5 * columns, 3.2 * lines), dpi=100, layout="constrained"
    )
    for index, name in enumerate(names):
        axes = figure.add_subplot(lines, columns, index + 1)
        draw(axes, name)
        _fit_scale(axes)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7)
    figure.suptitle(title)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    files.write_bytes(path, buffer.getvalue())


def draw_level(axes, values: Sequence[float], label: str, **style) -> None:
    """Draws what a metric stands beside, over epochs from 1 on.

    Of one epoch, too, where a line through points would have no length.
    """
    # Not the colour of a line that is there.
    style = {"linestyle": "--", "color": f"C{len(axes.lines)}", **style}
    if len(values) == 1:
        axes.axhline(values[0], label=label, **style)
    else:
        axes.plot(range(1, 1 + len(values)), values, label=label, **style)


def _fit_scale(axes) -> None:
    """Takes a logarithmic scale where a linear one would flatten a curve.

    Such as perplexity beside that of chance.
    """
    values = [
        value
        for line in axes.lines
        # Not an upright line, which is as high as the panel.
        if line.get_transform() != axes.get_xaxis_transform()
        for value in line.get_ydata()
        if math.isfinite(value)
    ]
    if values and 0 < min(values) < max(values) / _MOST_LINEAR:
        axes.set_yscale("log")


def _has_values(name, rows) -> bool:
    """Whether there is a number in any epoch: nan is what data do not have."""
    values = (
        row[part].get(name, math.nan)
        for row in rows
        for part in ("train", "validation")
    )
    return not all(math.isnan(value) for value in values)


def _draw(axes, name, rows, ratios) -> None:
    epochs = [row["epoch"] for row in rows]
    for part, style in (("train", "o-"), ("validation", "s-")):
        if name in rows[0][part]:
            values = [row[part][name] for row in rows]
            axes.plot(epochs, values, style, label=part, markersize=3)
    for other in baselines(ratios, name, rows[0]["validation"]):
        if _has_values(other, rows):
            draw_level(axes, [row["validation"][other] for row in rows], other)
    kept = [row["epoch"] for row in rows if row["kept"]]
    if kept:
        axes.axvline(
            kept[0], color="grey", linestyle=":", linewidth=1, label="kept"
        )
