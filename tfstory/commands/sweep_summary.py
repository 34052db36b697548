"""What the runs of a sweep come to: means over seeds and how sure they are."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tfstory.metrics import seeds
from tfstory.training import files

Rows = Sequence[Mapping[str, Any]]
_TITLES = {"mean": "mean", "low": "95 % from", "high": "to", "p": "p"}


def summarise(rows: Rows, against: str | None = None) -> list[dict[str, Any]]:
    """Returns each variant's metrics on each split, over its seeds.

    Where a variant was trained with another config before, its runs with that
    of its last row count alone.

    Args:
      rows: of `results.json`.
      against: variant that the others are compared to.

    Returns:
      For each variant and split `variant`, `split`, `seeds` and `metrics`:
      for each metric its `mean`, `low` and `high` (the 95 % interval), and
      with `against` the p-value `p` of Welch's t-test. What cannot be told is
      nan, as an interval of one seed.
    """
    groups = _groups(rows)
    return [
        {
            "variant": variant,
            "split": split,
            "seeds": [row["seed"] for row in group],
            "metrics": {
                name: _figures(group, name)
                if against is None
                else _compared(group, groups.get((against, split), []), name)
                for name in _names(group)
            },
        }
        for (variant, split), group in groups.items()
    ]


def table(summary: Sequence[Mapping[str, Any]], split: str) -> str:
    """Returns the figures of a split as lines of text.

    Args:
      summary: see `summarise`.
      split: of which there is a group or more.
    """
    shown = [group for group in summary if group["split"] == split]
    first = next(iter(shown[0]["metrics"].values()))
    head = " ".join(f"{_TITLES[column]:>9}" for column in first)
    lines = [f"  {'metric':<28} {head}"]
    for group in shown:
        count = len(group["seeds"])
        lines.append(
            f"{group['variant']} ({count} seed{'s' if count > 1 else ''})"
        )
        for name, figures in group["metrics"].items():
            cells = [_cell(column, value) for column, value in figures.items()]
            lines.append(f"  {name:<28} {' '.join(cells)}")
    return "\n".join(lines)


def _cell(column: str, value: float) -> str:
    if math.isnan(value):
        return f"{'-':>9}"
    return f"{value:9.2g}" if column == "p" else f"{value:9.4f}"


def _groups(rows: Rows) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    configs = {row["variant"]: row["config"] for row in rows}
    groups = {}
    for row in rows:
        if row["config"] == configs[row["variant"]]:
            groups.setdefault((row["variant"], row["split"]), []).append(row)
    return groups


def _names(group: Rows) -> list[str]:
    return list(dict.fromkeys(name for row in group for name in row["metrics"]))


def _figures(group: Rows, name: str) -> dict[str, float]:
    return seeds.interval(_values(group, name))._asdict()


def _compared(group: Rows, others: Rows, name: str) -> dict[str, float]:
    """Returns the figures with the p-value; nan for the others themselves."""
    if others is group:
        return {**_figures(group, name), "p": math.nan}
    p = seeds.welch_p(_values(group, name), _values(others, name))
    return {**_figures(group, name), "p": p}


def _values(group: Rows, name: str) -> list[float]:
    """Returns a metric of each run, nan where it is not known."""
    return [files.with_nan(row["metrics"]).get(name, math.nan) for row in group]
