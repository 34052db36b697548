"""Prepares a config's dataset as the TFRecords that the pipeline reads."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable

import ml_collections
from absl import logging

from tfstory import locks
from tfstory.datasets import load, prepare, records, splits
from tfstory.datasets import report as report_lib
from tfstory.errors import UserError
from tfstory.systems import registry

# A span's directory, as TFX's ExampleGen looks for it.
SPAN_PATTERN = "span-{SPAN}"


def write(
    config: ml_collections.ConfigDict,
    data_dir: str,
    manual_dir: str | None,
    examples_root: str,
    say: Callable[[str], None] = logging.info,
) -> str:
    """Prepares the dataset and writes its examples, unless they are there.

    Args:
      config: the run's config; `config.data` says what to write.
      data_dir: str, where prepared datasets lie.
      manual_dir: str, the source's files as it lays them out; None where the
        dataset needs none.
      examples_root: str, parent of the examples' directories.
      say: takes a line about what was done.

    Returns:
      A directory under `examples_root`, named by what is in it, with
      `train/`, `validation/`, `test/` and the dataset's `report.json`.

    Raises:
      UserError: the system cannot be made from the config, the source is
        missing or wrong, or a split has nothing of what the config asks for.
    """
    prepared = _prepare(config, data_dir, manual_dir)
    report = report_lib.read(prepared)
    _say_what_is_not_used(config, report, prepared, say)
    name = _fingerprint(config, report)
    directory = os.path.join(examples_root, name)
    # Runs that begin together want the same examples.
    with locks.held(os.path.join(examples_root, f".{name}.lock")):
        if not os.path.exists(report_path(directory)):
            _write(config, data_dir, prepared, directory, say)
    return directory


def add_span(
    config: ml_collections.ConfigDict,
    data_dir: str,
    manual_dir: str | None,
    examples_dir: str,
    span: int,
    say: Callable[[str], None] = logging.info,
) -> str:
    """Prepares the dataset and adds its examples to a growing one as a span.

    A span appears whole or not at all: a scheduled run may look at any time.

    Args:
      config: as in `write`.
      data_dir: as in `write`.
      manual_dir: as in `write`.
      examples_dir: str, the growing dataset: `span-1/`, `span-2/`, ...
      span: int, the number of the span.
      say: as in `write`.

    Returns:
      The span's directory.

    Raises:
      UserError: as in `write`, or there is such a span, or will soon be.
    """
    name = SPAN_PATTERN.format(SPAN=span)
    directory = os.path.join(examples_dir, name)
    lock = os.path.join(examples_dir, f".{name}.lock")
    with locks.held(lock, f"another process adds {directory}"):
        if os.path.exists(directory):
            raise UserError(
                f"{directory} is there already, and runs may have read it; "
                "give another --span"
            )
        unfinished = os.path.join(examples_dir, f".unfinished-{name}")
        prepared = _prepare(config, data_dir, manual_dir)
        _say_what_is_not_used(config, report_lib.read(prepared), prepared, say)
        _write(config, data_dir, prepared, unfinished, say)
        os.rename(unfinished, directory)
    return directory


def report_path(directory: str) -> str:
    """Returns where the report of a dataset lies, beside its examples."""
    return os.path.join(directory, report_lib.FILE_NAME)


def _prepare(
    config: ml_collections.ConfigDict, data_dir: str, manual_dir: str | None
) -> str:
    """Returns where the prepared dataset lies."""
    # First of all, so that no data are prepared in vain.
    registry.get(config.system).check(config)
    data = config.data
    return prepare.prepare(
        data.dataset, data_dir, manual_dir, data.builder.to_dict()
    ).data_dir


def _say_what_is_not_used(
    config: ml_collections.ConfigDict,
    report: dict,
    prepared: str,
    say: Callable[[str], None],
) -> None:
    """Says it in every run, before all that may fail because of it."""
    dataset = config.data.dataset
    if report.get("left_out"):
        say(
            f"{dataset}: left out "
            f"{report_lib.in_words(report_lib.left_out(report))}; "
            f"{report_path(prepared)} names them"
        )
    too_short = report_lib.too_short_in_words(
        report, config.data.get("frames", 1)
    )
    if too_short:
        say(f"{dataset}: {too_short}")


def _write(
    config: ml_collections.ConfigDict,
    data_dir: str,
    prepared: str,
    directory: str,
    say: Callable[[str], None],
) -> None:
    for split in splits.SPLITS:
        count = records.write(
            load.load(config, data_dir, split), os.path.join(directory, split)
        )
        say(f"{config.data.dataset} {split}: {count} examples")
    # Copied last: where it lies, all is there.
    shutil.copyfile(report_path(prepared), report_path(directory))


def _fingerprint(config: ml_collections.ConfigDict, report: dict) -> str:
    data = config.data.to_dict()
    # How examples are read later changes nothing in the files.
    for key in (
        "image_size",
        "max_tokens",
        "min_word_count",
        "splitter",
        "vocabulary_size",
    ):
        data.pop(key, None)
    text = json.dumps([data, report], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
