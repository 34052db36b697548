"""Measures each stage's training step and the input pipeline behind it."""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time

from tfstory.commands import config_file
from tfstory.commands import workdir as workdirs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("--config", required=True, help="config file")
    parser.add_argument(
        "--data_dir", default="data", help="where prepared datasets lie"
    )
    parser.add_argument(
        "--steps", type=int, default=20, help="steps measured, after warm-up"
    )
    parser.add_argument(
        "--warm_up", type=int, default=5, help="steps before measuring"
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON instead of a table"
    )


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    config = config_file.load(args.config, args.overrides)
    with tempfile.TemporaryDirectory() as directory:
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


def measure(config, args, directory: str) -> list[dict]:
    """Returns a row a stage.

    The input rate is that of the pipeline alone, uncached: reading, decoding,
    tokenising and batching.
    """
    import tensorflow as tf

    from tfstory.systems import registry
    from tfstory.training import precision
    from tfstory.training import strategy as strategies

    strategy = strategies.choose(config)
    precision.configure(config)
    train = workdirs.load_examples(config, args.data_dir, "train")
    vocabulary = workdirs.make_vocabulary(directory, config, train)
    with strategy.scope():
        system = registry.create(config, vocabulary)
    rows = []
    for plan in system.stages():
        with strategy.scope():
            stage = plan.build(args.warm_up + args.steps)
        precision.set_xla(stage, config, strategy)
        batches = (
            train.repeat()
            .batch(plan.batch_size)
            .map(system.prepare, num_parallel_calls=tf.data.AUTOTUNE)
            .prefetch(tf.data.AUTOTUNE)
        )
        input_rate = _rate(iter(batches), args, plan.batch_size)
        held = batches.take(1).cache().repeat()
        times = _step_times(stage, held, args)
        step = statistics.median(times)
        rows.append(
            {
                "stage": plan.name,
                "batch_size": plan.batch_size,
                "step_ms": round(1000 * step, 1),
                "examples_per_second": round(plan.batch_size / step, 1),
                "input_examples_per_second": round(input_rate, 1),
                "input_over_training": round(
                    input_rate * step / plan.batch_size, 1
                ),
            }
        )
    return rows


def _rate(batches, args, batch_size: int) -> float:
    for _ in range(args.warm_up):
        next(batches)
    start = time.perf_counter()
    for _ in range(args.steps):
        next(batches)
    return args.steps * batch_size / (time.perf_counter() - start)


def _step_times(stage, batches, args) -> list[float]:
    import keras

    class Clock(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.times = []

        def on_train_batch_begin(self, batch, logs=None):
            self._start = time.perf_counter()

        def on_train_batch_end(self, batch, logs=None):
            self.times.append(time.perf_counter() - self._start)

    clock = Clock()
    stage.fit(
        batches.take(args.warm_up + args.steps),
        epochs=1,
        verbose=0,
        callbacks=[clock],
    )
    return clock.times[args.warm_up :]


def _table(result: dict) -> str:
    lines = [
        f"{result['system']} on {result['dataset']}, {result['cores']} cores, "
        f"peak memory {result['peak_memory_mib']} MiB"
    ]
    for row in result["stages"]:
        lines.append(
            f"  {row['stage']:<12} batch {row['batch_size']:>4}  "
            f"step {row['step_ms']:>7.1f} ms  "
            f"{row['examples_per_second']:>7.1f} examples/s  "
            f"input {row['input_examples_per_second']:>7.1f} examples/s "
            f"({row['input_over_training']:.1f} times)"
        )
    return "\n".join(lines)
