"""Prints a trained system's metrics beside the trivial baselines.

They are also written to metrics.json in the work directory. It computes in
float32 on one device, in whatever precision the system was trained.
"""

import argparse
import collections
import logging
import math
import pathlib
import re
from collections.abc import Mapping

from tfstory.commands import options
from tfstory.commands import workdir as workdirs

_log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    options.add_trained_workdir(parser)
    options.add_split(parser)
    options.add_data_dir(parser)
    parser.add_argument(
        "--batch_size",
        type=options.positive,
        default=32,
        metavar="N",
        help="examples a step (default: %(default)s)",
    )
    parser.epilog = (
        "--config.evaluation.KEY=VALUE sets what the run measures with"
    )


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    from tfstory.training import files

    system = workdirs.trained_system(args.workdir, overrides=args.overrides)
    examples = workdirs.load_examples(system.config, args.data_dir, args.split)
    _warn_of_other_data(args, system.config)
    count, metrics = measure(system, examples, args.batch_size)
    print(f"{args.split}: {count} examples")
    print(table(system.ratios, metrics))
    path = pathlib.Path(args.workdir, workdirs.METRICS)
    files.write_json(
        path,
        {
            "split": args.split,
            "examples": count,
            "evaluation": dict(system.config.get("evaluation", {})),
            "metrics": metrics,
        },
    )
    print(f"written to {path}")


def _warn_of_other_data(args: argparse.Namespace, config) -> None:
    """Warns where stories to measure on may be some that were learnt."""
    from tfstory.training import resumption

    other = resumption.data_changes(
        pathlib.Path(args.workdir),
        workdirs.describe_data(config, args.data_dir),
    )
    if other:
        _log.warning(
            "these are not the data that %s was trained on: %s",
            args.workdir,
            "; ".join(other),
        )


def measure(system, examples, batch_size: int) -> tuple[int, dict[str, float]]:
    """Measures a system.

    Args:
      system: System.
      examples: raw examples, unbatched.
      batch_size: int, examples a step.

    Returns:
      The number of examples, and metric name to value.
    """
    import tensorflow as tf

    from tfstory.metrics import ratio

    @tf.function(reduce_retracing=True)
    def sums_of(batch):
        sums = system.evaluate(system.prepare(batch))
        return {name: tf.reduce_sum(value) for name, value in sums.items()}

    batches = examples.batch(batch_size).prefetch(2)
    # First: of what these measure with, something may be missing.
    of_the_corpus = system.corpus_metrics(batches)
    totals = collections.Counter()
    count = 0
    for batch in batches:
        count += int(next(iter(batch.values())).shape[0])
        for name, value in sums_of(batch).items():
            totals[name] += float(value)
    metrics = {
        name: value
        for name, value in ratio.aggregate(system.ratios, totals).items()
        if not math.isnan(value)  # Nothing was counted.
    }
    return count, {**metrics, **of_the_corpus}


def table(ratios: Mapping, metrics: Mapping[str, float]) -> str:
    """Returns a table: each metric of the model, then what it stands beside.

    That is its baselines, and what a corpus metric names after it, such as
    `place_accuracy_real` for `place_accuracy`.
    """
    from tfstory.metrics import ratio

    beside = {
        name: ratio.baselines(ratios, name, metrics)
        | {
            other: value
            for other, value in metrics.items()
            # Not a kind of the metric itself, such as `bleu_2` of `bleu`.
            if other not in ratios
            and re.match(rf"{re.escape(name)}_[a-z]", other)
        }
        for name in ratio.without_baselines(ratios, metrics)
    }
    taken = {other for others in beside.values() for other in others}
    rows = [("metric", "model", "beside it")]
    for name in beside:
        if name in taken:
            continue
        others = "  ".join(
            f"{ratio.short_name(other, name)} {value:.4f}"
            for other, value in beside[name].items()
        )
        rows.append((name, f"{metrics[name]:.4f}", others))
    width = max(len(name) for name, _, _ in rows)
    return "\n".join(
        f"  {name:<{width}} {value:>10}  {others}".rstrip()
        for name, value, others in rows
    )
