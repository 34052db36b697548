"""Draws densities and decision curves as figures 2 and 4 of the seed do."""

import itertools
from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from tfstory.figures import to_picture
from tfstory.systems.gaussian_gan.beginning import (
    Beginning,
    curve_points,
    decisions,
)
from tfstory.systems.gaussian_gan.model import GaussianModel

_BINS = 80
# Of the pictures in a run's animation: above it there is nothing but spikes.
_TOP = 1.05


def sample_sheet(model: GaussianModel, beginning: Beginning) -> np.ndarray:
    """Draws the model before it learnt beside the model as it is.

    The density of the data is blue, what the generator makes a red histogram,
    and the discriminator's decision green, as in the seed's figure 2: beside
    real numbers, and where it differs, beside generated ones (dashed).

    Args:
      model: GaussianModel.
      beginning: Beginning.

    Returns:
      uint8 `[height, width, 3]`.
    """
    figure = Figure(figsize=(9, 3.6), dpi=100)
    before, now = figure.subplots(1, 2, sharey=True)
    _draw(
        before,
        model,
        np.asarray(beginning.generated),
        np.asarray(beginning.decisions),
    )
    _draw(
        now,
        model,
        model.quadrature().numpy(),
        decisions(model).numpy(),
    )
    before.set_title("before learning", fontsize=10)
    now.set_title("now", fontsize=10)
    now.legend(fontsize=7, loc="upper right")
    figure.tight_layout()
    return to_picture(figure)


def histogram(values: np.ndarray, model: GaussianModel) -> np.ndarray:
    """Draws samples beside the true density.

    Args:
      values: float `[n]`.
      model: GaussianModel.

    Returns:
      uint8 `[height, width, 3]`.
    """
    figure = Figure(figsize=(6, 3.6), dpi=100)
    axes = figure.subplots()
    _densities(axes, model, values)
    axes.legend(fontsize=7)
    figure.tight_layout()
    return to_picture(figure)


def comparison_sheet(models: Mapping[str, GaussianModel]) -> np.ndarray:
    """Draws the decision curves and densities of several runs.

    Against pre-training lengths this is the seed's figure 4.

    Args:
      models: title to GaussianModel; the runs' targets are the same.

    Returns:
      uint8 `[height, width, 3]`.
    """
    figure = Figure(figsize=(9, 4.2), dpi=100)
    curves, densities = figure.subplots(1, 2)
    first = next(iter(models.values()))
    points = curve_points(first)
    for title, model in models.items():
        _decided(curves, points, decisions(model).numpy(), title, linewidth=1)
        density, edges = _binned(model.quadrature().numpy(), first)
        densities.stairs(density, edges, label=title)
    curves.axhline(0.5, color="grey", linestyle=":", linewidth=1)
    curves.set_ylim(0, 1)
    curves.set_title("decision: probability of real", fontsize=10)
    densities.plot(points, _true_density(first), "b", linewidth=1)
    densities.set_title("density of G(z), data in blue", fontsize=10)
    curves.legend(fontsize=7)
    figure.tight_layout()
    return to_picture(figure)


def _draw(axes, model, generated, curves) -> None:
    _densities(axes, model, generated)
    _decided(axes, curve_points(model), curves, "decision of D", color="g")
    axes.axhline(0.5, color="grey", linestyle=":", linewidth=1)
    # The same in every picture of a run, so that they make an animation.
    axes.set_ylim(0, _TOP)
    density, edges = _binned(generated, model)
    _mark_cut(axes, (edges[:-1] + edges[1:]) / 2, density, "darkred")
    _mark_cut(axes, curve_points(model), _true_density(model), "navy")


def _decided(axes, points, curves, label, **style) -> None:
    """Draws what D decides beside real numbers, and beside generated ones."""
    (line,) = axes.plot(points, curves[0], label=label, **style)
    for curve in curves[1:]:
        style = {**style, "color": line.get_color(), "linestyle": "--"}
        axes.plot(points, curve, label=f"{label}, beside G(z)", **style)


def _densities(axes, model, generated) -> None:
    density, edges = _binned(generated, model)
    axes.stairs(density, edges, fill=True, color="r", alpha=0.5, label="G(z)")
    axes.plot(curve_points(model), _true_density(model), "b", label="data")
    axes.set_xlim(*model.shown)


def _binned(generated, model) -> tuple[np.ndarray, np.ndarray]:
    """Returns the density in each bin, as a share of all, and the edges."""
    edges = np.linspace(*model.shown, _BINS + 1)
    # Rounding may take the outermost numbers beyond the edges.
    inside = np.clip(np.asarray(generated, np.float64), edges[0], edges[-1])
    counts, _ = np.histogram(inside, edges)
    return counts / len(inside) / np.diff(edges), edges


def _mark_cut(axes, places, heights, color) -> None:
    """Writes the height of each peak that goes beyond the top."""
    for is_cut, run in itertools.groupby(
        range(len(heights)), lambda at: heights[at] > _TOP
    ):
        if is_cut:
            peak = max(run, key=lambda at: heights[at])
            axes.annotate(
                f"{heights[peak]:.1f}",
                (float(places[peak]), _TOP),
                color=color,
                fontsize=7,
                ha="center",
                va="top",
            )


def _true_density(model) -> list[float]:
    density = model.target.mixture.density
    return [density(float(value)) for value in curve_points(model)]
