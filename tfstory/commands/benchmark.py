"""Measures each stage's training step and the input pipeline behind it.

A step's time has Keras's own work between two calls of TensorFlow in it. A
stage's `steps_per_execution` makes one call of several steps, as in training,
as far as calls can end with --warm_up and with --steps: both should be
multiples of it, or the calls are shorter.

A stage whose steps are of several kinds has a row for each. Where a stage has
a plain form of its step, as one would write it at first, --compare=naive times
this too, in turn with its own.

The input's first pass reads, decodes and tokenises. With config.training.cache
its result stays in memory, and all later passes take it from there; without
it, every pass is like the first. The input should feed several times what
training consumes, or training waits for it.
"""

import argparse
import contextlib
import itertools
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from typing import Any

from tfstory.commands import config_file, options
from tfstory.commands import workdir as workdirs
from tfstory.systems import registry

_JSON = """\
keys of --json:
  system, dataset, cores, peak_memory_mib
  stages: of each, and of each kind of its steps
    stage, kind, batch_size
    steps_per_execution            steps of one call, while measured
    step_ms                        median time of a training step
    examples_per_second            what training consumes
    first_pass_examples_per_second what the input feeds on its first pass
    input_examples_per_second      what it feeds on every later pass
    first_pass_over_training, input_over_training
                                   these rates over examples_per_second
    naive_step_ms, naive_over_own  the plain form's time, and this over
                                   step_ms; with --compare=naive, where there
                                   is one
"""
# Steps of the plain form; each may take long.
_PLAIN_STEPS = 3
_NAIVE = "naive"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    options.add_config(parser)
    options.add_data_dir(parser)
    parser.add_argument(
        "--steps",
        type=options.positive,
        default=20,
        metavar="N",
        help="steps measured, after warm-up (default: %(default)s)",
    )
    parser.add_argument(
        "--warm_up",
        type=options.not_negative,
        default=5,
        metavar="N",
        help="steps before measuring (default: %(default)s)",
    )
    parser.add_argument(
        "--compare",
        choices=(_NAIVE,),
        help="also time the plain form of steps that have one",
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON instead of a table"
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"{parser.epilog}\n\n{_JSON}"


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    config = config_file.load(args.config, args.overrides)
    with (
        tempfile.TemporaryDirectory() as directory,
        # Preparing a dataset shows its progress; the output is the result's.
        contextlib.redirect_stdout(sys.stderr),
    ):
        rows = measure(config, args, directory)
    result = {
        "system": config.system,
        "dataset": config.data.dataset,
        "cores": os.cpu_count(),
        "stages": rows,
        "peak_memory_mib": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ),
    }
    print(json.dumps(result, indent=2) if args.json else _table(result))


def measure(config, args, directory: str) -> list[dict[str, Any]]:
    """Returns a row a stage, as the help of `--json` says.

    Args:
      config: ConfigDict.
      args: `data_dir`, `warm_up` and `steps`.
      directory: str, for the vocabulary.
    """
    from tfstory.training import epochs, setup
    from tfstory.training import strategy as strategies

    strategy = strategies.choose(config)
    registry.get(config.system).check(config)
    train = workdirs.load_examples(config, args.data_dir, "train")
    vocabulary = workdirs.make_vocabulary(directory, config, train)
    system = setup.create(config, strategy, vocabulary)
    plans = system.stages()
    steps = args.warm_up + args.steps
    # As many as are measured: filling the cache with all would take long.
    some = train.take(steps * max(plan.batch_size for plan in plans))
    training = config.training
    first_pass, later = (
        epochs.examples_of(some, system.prepare, settings, "training")
        for settings in (_uncached(training), training)
    )
    rows = []
    for index, plan in enumerate(plans):

        def batches(examples, plan=plan, index=index):
            return epochs.batches(
                examples,
                plan.batch_size,
                strategy,
                seed=(config.seed, index),
            )

        stage = setup.build(plan, steps, config, strategy)
        stage.steps_per_execution = epochs.steps_at_once(
            plan.steps_per_execution, args.warm_up, args.steps
        )
        # One batch, again and again, so that no step waits for its input.
        held = epochs.CachedExamples(
            train.take(plan.batch_size), system.prepare, "training"
        )
        rates = [
            _rate(iter(batches(examples)), strategy, args)
            for examples in (first_pass, later)
        ]
        plain = stage.plain_steps() if args.compare == _NAIVE else {}
        for kind in stage.step_kinds():
            stage.stay_with(kind)
            seconds = _seconds_a_step(stage, batches(held), args)
            row = _row(
                plan,
                kind,
                stage.steps_per_execution,
                seconds,
                held.count / seconds,
                *rates,
            )
            if kind in plain:
                row |= _compared(stage, plain[kind], batches(held), args)
            rows.append(row)
    return rows


def _compared(stage, plain, batches, args) -> dict[str, float]:
    """Times the plain form of a stage's step in turn with its own.

    Args:
      stage: Stage, kept to the kind of step.
      plain: that form.
      batches: as in `_seconds_a_step`.
      args: the command's.

    Returns:
      `naive_step_ms`, `naive_over_own`: of the medians.
    """
    batch = next(iter(batches))
    plain(batch)
    own, naive = [], []
    for _ in range(_PLAIN_STEPS):
        own.append(_seconds_a_step(stage, batches, args))
        start = time.perf_counter()
        plain(batch)
        naive.append(time.perf_counter() - start)
    own, naive = statistics.median(own), statistics.median(naive)
    return {
        "naive_step_ms": round(1000 * naive, 2),
        "naive_over_own": round(naive / own, 2),
    }


def _uncached(training):
    settings = training.copy_and_resolve_references()
    settings.cache = False
    return settings


def _row(
    plan, kind, at_once, seconds, consumed, first_pass, later
) -> dict[str, Any]:
    return {
        "stage": plan.name,
        "kind": kind,
        "batch_size": plan.batch_size,
        "steps_per_execution": at_once,
        "step_ms": round(1000 * seconds, 2),
        "examples_per_second": round(consumed, 2),
        "first_pass_examples_per_second": round(first_pass, 2),
        "first_pass_over_training": round(first_pass / consumed, 2),
        "input_examples_per_second": round(later, 2),
        "input_over_training": round(later / consumed, 2),
    }


def _rate(batches, strategy, args) -> float:
    """Returns the examples a second that the input feeds by itself."""
    for _ in range(args.warm_up):
        next(batches)
    start = time.perf_counter()
    count = sum(_count(next(batches), strategy) for _ in range(args.steps))
    return count / (time.perf_counter() - start)


def _count(batch, strategy) -> int:
    values = strategy.experimental_local_results(next(iter(batch.values())))
    return sum(len(value) for value in values)


def _seconds_a_step(stage, batches, args) -> float:
    """Returns the median time of a training step.

    Args:
      stage: Stage; its `steps_per_execution` divides `warm_up` and `steps`.
      batches: what `fit` takes, without an end.
      args: `warm_up` and `steps`.
    """
    import keras

    class Clock(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.ends = []

        def on_train_begin(self, logs=None):
            self.ends.append(time.perf_counter())

        def on_train_batch_end(self, batch, logs=None):
            self.ends.append(time.perf_counter())

    clock = Clock()
    stage.fit(
        batches,
        steps_per_epoch=args.warm_up + args.steps,
        shuffle=False,
        verbose=0,
        callbacks=[clock],
    )
    at_once = stage.steps_per_execution
    # From the end of one call to that of the next: what Keras does between
    # them is part of a step's time.
    ends = clock.ends[args.warm_up // at_once :]
    calls = [end - start for start, end in itertools.pairwise(ends)]
    return statistics.median(calls) / at_once


def _table(result: dict[str, Any]) -> str:
    lines = [
        f"{result['system']} on {result['dataset']}, {result['cores']} cores, "
        f"peak memory {result['peak_memory_mib']} MiB"
    ]
    for row in result["stages"]:
        lines += [
            f"  {' '.join([row['stage'], row['kind']]).strip()}, batch "
            f"{row['batch_size']}",
            f"    training    {row['examples_per_second']:>9.1f} examples/s, "
            f"{row['step_ms']:.1f} ms a step",
            _input_line("first pass", row, "first_pass"),
            _input_line("later input", row, "input"),
        ]
        if "naive_step_ms" in row:
            lines.append(
                f"    naive       {row['naive_step_ms']:.1f} ms a step, "
                f"{row['naive_over_own']:.1f} times as long"
            )
    return "\n".join(lines)


def _input_line(title: str, row: dict[str, Any], what: str) -> str:
    return (
        f"    {title:<11} {row[f'{what}_examples_per_second']:>9.1f} examples/s"
        f", {row[f'{what}_over_training']:.1f} times what training consumes"
    )
