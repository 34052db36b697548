"""Prepares a dataset: reads its source, leaves out the bad, writes TFDS."""

import contextlib
import io
import logging
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

import tensorflow_datasets as tfds
from absl import logging as absl_logging

from tfstory import locks
from tfstory.datasets import registry
from tfstory.datasets import report as report_lib
from tfstory.datasets.dataset_builder import DatasetBuilder
from tfstory.errors import UserError

_log = logging.getLogger(__name__)

# TFDS's own name for what is not finished.
_UNFINISHED = "incomplete."
# What the old data are called until the new are whole.
_ASIDE = f"{_UNFINISHED}old_"


def prepare(
    name: str,
    data_dir: str | os.PathLike,
    manual_dir: str | os.PathLike | None = None,
    builder_args: Mapping[str, Any] | None = None,
) -> DatasetBuilder:
    """Prepares a dataset unless it is there already.

    The data appears as a whole or not at all; a run killed halfway leaves
    nothing that is used. Data whose `manual_dir` has changed since is
    made anew, and is kept until the new is whole.

    Args:
      name: the dataset's name.
      data_dir: where prepared datasets lie.
      manual_dir: a directory of the source's files, zipped or unpacked, or
        the zip archive, or the one file, itself; None downloads them where
        the source allows it, or takes what is prepared already.
      builder_args: the builder's own arguments.

    Returns:
      The builder, prepared.

    Raises:
      UserError: the source is missing or wrong, or no story is good.
    """
    builder = registry.builder(name, data_dir, **(builder_args or {}))
    try:
        if not builder.is_prepared():
            # Before all that may fail: the old data can still be used.
            _recover(pathlib.Path(builder.data_dir).parent)
        with _as_directory(builder, manual_dir) as directory:
            if not builder.is_prepared() or _is_outdated(builder, directory):
                _prepare(builder, pathlib.Path(data_dir), directory)
    except OSError as error:
        raise UserError(
            f"{name} could not be prepared: {error}; check that {data_dir} "
            "can be written to and has room"
        ) from error
    # One that has seen the data.
    return registry.builder(name, data_dir, **(builder_args or {}))


def _prepare(
    builder: DatasetBuilder,
    data_dir: pathlib.Path,
    manual_dir: str | os.PathLike | None,
) -> None:
    target = pathlib.Path(builder.data_dir)
    with _locked(target.parent):
        _clean_up(target.parent)
        if target.exists():
            if not _is_outdated(builder, manual_dir):
                return  # Another process was faster.
            _log.info("the source of %s has changed", builder.name)
            target.rename(target.with_name(f"{_ASIDE}{target.name}"))
        if not sys.stderr.isatty():
            # Each of their steps would be a line of the log.
            tfds.disable_progress_bar()
        try:
            # One that has not seen the data of before.
            anew = registry.builder(builder.name, data_dir, **builder.arguments)
            _log.info("preparing %s", builder.name)
            # TFDS announces sizes there, and knows none.
            with contextlib.redirect_stdout(io.StringIO()):
                anew.download_and_prepare(
                    download_dir=data_dir / "downloads",
                    download_config=tfds.download.DownloadConfig(
                        manual_dir=manual_dir, try_download_gcs=False
                    ),
                )
        finally:
            _clean_up(target.parent)
        # For the log of a pipeline; `tfstory prepare` prints them itself.
        for line in report_lib.lines(report_lib.read(target)):
            absl_logging.info(line)


@contextlib.contextmanager
def _as_directory(
    builder: DatasetBuilder, manual_dir: str | os.PathLike | None
) -> Iterator[pathlib.Path | None]:
    """Gives TFDS, which takes directories only, the files that a user names.

    Raises:
      UserError: there are none, or the dataset takes none.
    """
    if manual_dir is None:
        yield None
        return
    path = pathlib.Path(manual_dir)
    if builder.WANTED is None:
        raise UserError(
            f"{builder.name} takes no files, but {path} was given; leave it "
            "away, or name the dataset (or config) that the files are of"
        )
    if path.is_file() and (
        path.suffix.lower() == ".zip" or builder.WANTED.search(path.name)
    ):
        with tempfile.TemporaryDirectory() as directory:
            link = pathlib.Path(directory, path.name)
            link.symlink_to(path.resolve())
            yield link.parent
    elif path.is_dir() and any(path.iterdir()):
        yield path
    else:
        problem = "is no directory"
        if not path.exists():
            problem = "is not there"
        elif path.is_dir():
            problem = "is empty"
        raise UserError(
            f"the data's folder {path} {problem}; it should hold "
            f"{builder.LAYOUT}"
        )


def _locked(directory: pathlib.Path) -> contextlib.AbstractContextManager:
    """Lets one process at a time prepare what lies in a directory."""
    return locks.held(directory / ".lock")


def _recover(directory: pathlib.Path) -> None:
    """Brings data back that a killed run had set aside."""
    if any(directory.glob(f"{_ASIDE}*")):
        with _locked(directory):
            _clean_up(directory)


def _clean_up(directory: pathlib.Path) -> None:
    """Puts old data back unless the new are whole; removes the unfinished."""
    for aside in directory.glob(f"{_ASIDE}*"):
        target = aside.with_name(aside.name.removeprefix(_ASIDE))
        if not target.exists():
            aside.rename(target)
    for path in directory.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(path)


def _is_outdated(
    builder: DatasetBuilder, manual_dir: str | os.PathLike | None
) -> bool:
    if manual_dir is None:
        return False
    report = report_lib.read(builder.data_dir)
    return report is None or report["source"] != builder.fingerprint(manual_dir)
