"""What came of a run: decision, metrics, places; for report and terminal."""

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence

import tensorflow as tf

from tfstory.metrics import ratio as ratio_lib
from tfstory.metrics.ratio import Ratio
from tfstory.training import files
from tfx_pipeline.evaluation import OVERALL, Evaluation

FILE = "summary.json"
# Held-out examples, below which chance decides.
_FEW = 30


@dataclasses.dataclass(frozen=True)
class MetricRow:
    """One metric of the model beside what it is compared with.

    Attributes:
      name: the metric's name.
      value: the model's.
      last: the last blessed model's, or None.
      baselines: trivial baseline's metric name to its value.
      bound: its gates in words, as of `gates.in_words`, or "".
      higher_is_better: its direction.
      about: what it says, in words, or "".
    """

    name: str
    value: float
    last: float | None
    baselines: Mapping[str, float]
    bound: str
    higher_is_better: bool
    about: str = ""


@dataclasses.dataclass(frozen=True)
class Timing:
    """What one component took; `cached` where its outputs were reused."""

    component: str
    seconds: float
    cached: bool


@dataclasses.dataclass(frozen=True)
class Summary:
    """What came of a run.

    Attributes:
      pipeline_name: str.
      started: when the run started; "" where nobody said.
      decision: one sentence.
      refusals: why the model was refused; none where it was blessed.
      notes: what else there is to say of the decision.
      pushed_to: directory of the pushed version, "" where none was pushed.
      model_dir: where the trained model lies, pushed or not.
      workdir: the training run's, as the `tfstory` command takes it.
      warm_start: a sentence on what training began with.
      examples: examples that were evaluated.
      metrics: overall.
      slices: slice to metric name to value.
      splits: split to number of examples.
      latency_ms: signature to median milliseconds.
      server: which server was asked.
      timings: in order of execution; empty where nobody measured.
    """

    pipeline_name: str
    started: str
    decision: str
    refusals: Sequence[str]
    notes: Sequence[str]
    pushed_to: str
    model_dir: str
    workdir: str
    warm_start: str
    examples: int
    metrics: Sequence[MetricRow]
    slices: Mapping[str, Mapping[str, float]]
    splits: Mapping[str, int]
    latency_ms: Mapping[str, float]
    server: str
    timings: Sequence[Timing]

    @property
    def blessed(self) -> bool:
        """Whether the model was blessed and pushed."""
        return not self.refusals


def decision(refusals: Sequence[str], pushed_to: str) -> str:
    """Returns the decision as one sentence, with every reason."""
    if refusals:
        return f"Not blessed, not pushed: {'; '.join(refusals)}."
    return f"Blessed and pushed to {pushed_to}."


def doubts(examples: int) -> list[str]:
    """Returns what speaks against the figures of so many examples."""
    if examples >= _FEW:
        return []
    counted = "1 example was" if examples == 1 else f"{examples} examples were"
    return [f"only {counted} held out, so that the figures mean little"]


def metric_rows(
    ratios: Mapping[str, Ratio],
    gates: Mapping[str, str],
    evaluation: Evaluation,
) -> list[MetricRow]:
    """Returns the overall metrics, each with its baselines beside it.

    Args:
      ratios: metric name to its definition.
      gates: metric name to its gates in words.
      evaluation: what the Evaluator measured.

    Returns:
      One row a metric; none for what nothing was there to measure by.
    """
    values = evaluation.slices.get(OVERALL, {})
    last = evaluation.last.get(OVERALL, {})
    rows = []
    for name, ratio in ratios.items():
        if ratio.baseline_of or name not in values:
            continue
        if math.isnan(values[name]) and name not in gates:
            continue
        before = last.get(name)
        rows.append(
            MetricRow(
                name=name,
                value=values[name],
                last=None if before is None or math.isnan(before) else before,
                baselines=ratio_lib.baselines(ratios, name, values),
                bound=gates.get(name, ""),
                higher_is_better=ratio.higher_is_better,
                about=ratio.about,
            )
        )
    return rows


def table(rows: Sequence[MetricRow]) -> str:
    """Returns the metrics as a table for a terminal."""
    cells = [("metric", "model", "last blessed", "gate", "trivial baselines")]
    for row in rows:
        baselines = ", ".join(
            f"{name} {value:.4g}" for name, value in row.baselines.items()
        )
        last = "-" if row.last is None else f"{row.last:.4g}"
        cells.append(
            (row.name, f"{row.value:.4g}", last, row.bound or "-", baselines)
        )
    widths = [max(len(line[i]) for line in cells) for i in range(4)]
    return "\n".join(
        "  ".join(
            [line[i].ljust(width) for i, width in enumerate(widths)] + [line[4]]
        ).rstrip()
        for line in cells
    )


def write(summary: Summary, path: str) -> None:
    """Writes the summary as JSON; null where nothing could be measured."""
    with tf.io.gfile.GFile(path, "w") as file:
        file.write(files.to_json(dataclasses.asdict(summary)))


def read(path: str) -> Summary:
    """Reads what `write` wrote."""
    with tf.io.gfile.GFile(path, "r") as file:
        values = json.loads(file.read())
    for row in values["metrics"]:
        row.update(
            files.with_nan({"value": row["value"]}),
            baselines=files.with_nan(row["baselines"]),
        )
    values["metrics"] = [MetricRow(**row) for row in values["metrics"]]
    values["slices"] = {
        title: files.with_nan(row) for title, row in values["slices"].items()
    }
    values["timings"] = [Timing(**row) for row in values["timings"]]
    return Summary(**values)
