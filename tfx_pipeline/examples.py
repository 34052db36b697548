"""Prepares a config's dataset as the TFRecords that the pipeline reads."""

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable

import ml_collections
from absl import logging

from tfstory.datasets import load, prepare, records
from tfstory.datasets import report as report_lib

SPLITS = ("train", "validation", "test")


def write(
    config: ml_collections.ConfigDict,
    data_dir: str,
    manual_dir: str | None,
    examples_root: str,
    say: Callable[[str], None] = logging.info,
) -> str:
    """Prepares the dataset and writes its windows, unless they are there.

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
      UserError: the source is missing or wrong, or a split has no story of
        enough frames.
    """
    data = config.data
    # TFDS prints its progress.
    with contextlib.redirect_stdout(sys.stderr):
        builder = prepare.prepare(
            data.dataset, data_dir, manual_dir, data.builder.to_dict()
        )
    report = report_lib.read(builder.data_dir)
    directory = os.path.join(examples_root, _fingerprint(config, report))
    # Copied last: where it lies, all is there.
    done = os.path.join(directory, report_lib.FILE_NAME)
    if os.path.exists(done):
        return directory
    for split in SPLITS:
        count = records.write(
            load.load(config, data_dir, split), os.path.join(directory, split)
        )
        say(f"{data.dataset} {split}: {count} examples")
    shutil.copyfile(os.path.join(builder.data_dir, report_lib.FILE_NAME), done)
    return directory


def report_path(directory: str) -> str:
    """Returns where `write` put the dataset's report."""
    return os.path.join(directory, report_lib.FILE_NAME)


def _fingerprint(config: ml_collections.ConfigDict, report: dict) -> str:
    data = config.data.to_dict()
    # How examples are read later changes nothing in the files.
    for key in ("image_size", "max_tokens", "vocabulary_size"):
        data.pop(key, None)
    text = json.dumps([data, report], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
