"""Trains and measures a config with several seeds, and variants of it.

Each run is a work directory of its own, DIR/<variant>/seed_<n>, as `tfstory
train` makes it; killed and started again with the same words, it goes on.
curves_<stage>.png has the variants' validation metrics over their epochs,
comparison.png the variants side by side where the system draws that.

results.json has a row for every run and split that was measured. Measured
again, a run's row is replaced, and if its config has changed since, its rows
of other splits go too. Rows of variants, seeds and splits that a sweep
does not name stay, so that more seeds may be added later. A metric that is
not finite is null.

summary.json has, for every variant and split in results.json, the mean of
each metric over the seeds and its 95 % interval by Student's t, of runs with
the variant's last config alone; the figures of the split are printed. With
--against they have the p-value of Welch's t-test against that variant, which
may be one of an earlier sweep.

    tfstory sweep --config=configs/gaussian_gan/seed.py --workdir=runs/sweep \\
        --seeds 0 1 2 --variant none \\
        --variant long stages.pretraining.epoch_steps=1000 --against none
"""

import argparse
import hashlib
import json
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import ml_collections

from tfstory.commands import (
    config_file,
    evaluate,
    options,
    sweep_summary,
    train,
)
from tfstory.commands import workdir as workdirs
from tfstory.errors import UserError
from tfstory.systems import registry
from tfstory.training import files

RESULTS = "results.json"
SUMMARY = "summary.json"
COMPARISON = "comparison.png"
_BATCH_SIZE = 200
_SEED = "--config.seed="
# Of a row: which run it is of, on what it was measured, what that came to.
_KEYS = frozenset(
    {"variant", "overrides", "config", "seed", "split", "metrics"}
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    options.add_config(parser)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--workdir",
        required=True,
        metavar="DIR",
        help="where the runs and their results go",
    )
    parser.add_argument(
        "--seeds",
        type=options.not_negative,
        nargs="+",
        default=[0, 1, 2, 3, 4],
        metavar="N",
        help="values of config.seed (default: 0 to 4)",
    )
    parser.add_argument(
        "--variant",
        nargs="+",
        action="append",
        default=[],
        metavar=("NAME", "KEY=VALUE"),
        help="a name and what it sets in the config; may come several times",
    )
    parser.add_argument(
        "--against",
        metavar="NAME",
        help="variant that the others are compared to by Welch's t-test",
    )
    options.add_split(parser)
    options.add_data_dir(parser)


def run(args: argparse.Namespace) -> None:
    """Runs the command.

    Raises:
      UserError: a variant's name will not do, there is none to compare
        with, results.json cannot be read, or a run cannot be trained
        (`tfstory.commands.train.train`).
    """
    variants = _variants(args.variant)
    path = pathlib.Path(args.workdir, RESULTS)
    # All fail before the first run is trained, not after it.
    _check_against(args, variants, _read(path))
    _check_configs(args, variants)
    systems, histories = {}, {name: [] for name in variants}
    for name, words in variants.items():
        for seed in args.seeds:
            print(f"{name}, seed {seed}:", flush=True)
            row, history, system = _run(args, name, words, seed)
            systems.setdefault(f"{name}, seed {args.seeds[0]}", system)
            histories[name].append(history)
            summary = _record(path, row, args.against)
            print(f"{name}, seed {seed}: {row['seconds']:.0f} s", flush=True)
    print(sweep_summary.table(summary, args.split))
    _draw_curves(args.workdir, systems, histories)
    _compare(args.workdir, systems)
    print(f"written to {path} and {path.with_name(SUMMARY)}")


def _variants(groups: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    variants = {}
    for name, *words in groups or [["default"]]:
        if name in variants or not name.replace("_", "").isalnum():
            raise UserError(
                f"--variant {name!r}: a variant's name has letters, digits "
                "and _, and no other variant has it"
            )
        variants[name] = [f"--config.{word}" for word in words]
    return variants


def _check_against(args: argparse.Namespace, variants, rows) -> None:
    known = dict.fromkeys(variants)
    known |= {
        row["variant"]: None for row in rows if row["split"] == args.split
    }
    if args.against is not None and args.against not in known:
        raise UserError(
            f"--against {args.against!r}: there is no such variant; choose "
            f"one of {', '.join(known)}"
        )


def _check_configs(args: argparse.Namespace, variants) -> None:
    for name, words in variants.items():
        try:
            config = _config(args, words, args.seeds[0])
            registry.get(config.system).check(config)
        except UserError as error:
            raise UserError(f"variant {name!r}: {error}") from error


def _config(args, words, seed) -> ml_collections.ConfigDict:
    words = [*args.overrides, *words]
    if any(word.startswith(_SEED) for word in words):
        raise UserError("a sweep's seeds are those of --seeds; set none else")
    return config_file.load(args.config, [*words, f"{_SEED}{seed}"])


def _run(args, name, words, seed):
    """Trains, or goes on with, one run; returns row, history and system."""
    import keras

    keras.utils.clear_session()
    config = _config(args, words, seed)
    workdir = os.path.join(args.workdir, name, f"seed_{seed}")
    history = train.train(config, workdir, args.data_dir)
    system = workdirs.trained_system(workdir)
    examples = workdirs.load_examples(config, args.data_dir, args.split)
    count, metrics = evaluate.measure(system, examples, _BATCH_SIZE)
    row = {
        "variant": name,
        "overrides": [word.removeprefix("--config.") for word in words],
        "config": _digest(config),
        "seed": seed,
        "split": args.split,
        "examples": count,
        # Of all epochs with their validation, by the run's history.
        "seconds": round(sum(epoch["seconds"] for epoch in history), 2),
        "metrics": metrics,
    }
    return row, history, system


def _digest(config: ml_collections.ConfigDict) -> str:
    """Returns what two configs share that differ in nothing but the seed."""
    values = {**config.to_dict(), "seed": None}
    text = json.dumps(values, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _record(
    path: pathlib.Path, row: Mapping[str, Any], against: str | None
) -> list[dict[str, Any]]:
    """Puts a row in place of those of its run that it makes out of date.

    Returns:
      The summary of all rows, which is written too.
    """
    kept = [other for other in _read(path) if not _replaces(row, other)]
    rows = [*kept, row]
    files.write_json(path, rows)
    summary = sweep_summary.summarise(rows, against)
    files.write_json(path.with_name(SUMMARY), summary)
    return summary


def _replaces(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if any(row[key] != other[key] for key in ("variant", "seed")):
        return False
    # With another config the run has been trained on since, on whatever split
    # it was measured.
    return row["split"] == other["split"] or row["config"] != other["config"]


def _read(path: pathlib.Path) -> list[dict[str, Any]]:
    """Returns the rows of `results.json`; none where there is no file.

    Raises:
      UserError: it does not hold rows. Writing it anew would lose those of
        other sweeps.
    """
    if not path.exists():
        return []
    try:
        rows = json.loads(path.read_text())
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and _KEYS <= row.keys() for row in rows
    ):
        raise UserError(
            f"{path} does not hold the rows of a sweep; mend it, or move it "
            "away and sweep again: runs that have ended are only measured"
        )
    return rows


def _draw_curves(workdir: str, systems, histories) -> None:
    # Imports TensorFlow, for which a command's help does not wait.
    from tfstory.commands import sweep_curves

    ratios = next(iter(systems.values())).ratios
    for path in sweep_curves.write(workdir, histories, ratios):
        print(f"written to {path}")


def _compare(workdir: str, systems) -> None:
    """Draws the variants' runs of the first seed."""
    import tensorflow as tf

    first = next(iter(systems.values()))
    sheet = type(first).comparison_sheet(systems)
    if sheet is not None:
        path = os.path.join(workdir, COMPARISON)
        tf.io.write_file(path, tf.io.encode_png(sheet))
        print(f"written to {path}")
