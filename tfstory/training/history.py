"""What each epoch of a run came to: `history.json`."""

import json
import logging
import math
import pathlib
from typing import Any

from tfstory.training import files
from tfstory.training.checkpoints import Position

_log = logging.getLogger(__name__)

Row = dict[str, Any]


class History:
    """A row an epoch, in the order of training.

    A row has `stage` and `epoch` (from 1), `steps` of the stage so far,
    `seconds` of training and validation and `examples_per_second` of training
    (of the part since the last restart, where an epoch was broken), `train`
    and `validation` (metric to value), and `kept`: whether the stage ended
    with this epoch's weights. A metric that is not finite, such as one of
    which nothing was counted, is null in the file, and nan when read again.

    Args:
      path: the file.
    """

    def __init__(self, path: pathlib.Path):
        self._path = path
        self.rows: list[Row] = []
        if path.exists():
            try:
                self.rows = [_read(row) for row in json.loads(path.read_text())]
            except ValueError:
                _log.warning("%s cannot be read and begins anew", path)

    def cut(self, stages: list[str], position: Position) -> None:
        """Drops the epochs that a run will come to yet.

        Args:
          stages: names of the stages, in order.
          position: where the run goes on.
        """
        self.rows = [
            {**row, "kept": row["kept"] and index < position.stage}
            for row in self.rows
            for index in [stages.index(row["stage"])]
            if (index, row["epoch"]) <= (position.stage, position.epoch)
        ]

    def add(self, row: Row) -> None:
        """Adds an epoch."""
        self.rows.append(row)

    def of(self, stage: str) -> list[Row]:
        """Returns a stage's rows."""
        return [row for row in self.rows if row["stage"] == stage]

    def best_epoch(self, stage: str, metric: str, higher: bool) -> int | None:
        """Returns the first epoch with the best value on validation.

        Args:
          stage: its name.
          metric: name of a validation metric.
          higher: whether higher is better.
        """
        sign = -1.0 if higher else 1.0
        finite = [
            (sign * row["validation"][metric], row["epoch"])
            for row in self.of(stage)
            if math.isfinite(row["validation"][metric])
        ]
        return min(finite)[1] if finite else None

    def mark_kept(self, stage: str, epoch: int) -> None:
        """Notes which epoch's weights a stage ended with."""
        for row in self.of(stage):
            row["kept"] = row["epoch"] == epoch

    def write(self) -> None:
        """Writes the file."""
        files.write_json(self._path, self.rows)


def _read(row: Row) -> Row:
    """Returns a row as `History` holds it, from the file's."""
    metrics = {
        part: files.with_nan(row[part]) for part in ("train", "validation")
    }
    return {**row, **metrics}
