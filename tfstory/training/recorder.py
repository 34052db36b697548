"""Keeps a stage's progress: checkpoints, history, best weights, shows."""

import pathlib
import sys
import time
from collections.abc import Callable

import keras

from tfstory.systems.stage import Sheet, StagePlan
from tfstory.systems.system import System
from tfstory.training import callbacks, finite
from tfstory.training.checkpoints import Checkpoints, Position
from tfstory.training.history import History


class Recorder(keras.callbacks.Callback):
    """Writes all that a stage leaves, in an order that a kill cannot spoil.

    The checkpoint comes last: what was written before it belongs to an epoch
    that the resumed run does again.

    Args:
      system: System.
      plan: the stage's.
      index: the stage's number.
      steps: steps an epoch.
      examples: examples of a pass over the data.
      first: where the stage goes on.
      checkpoints: Checkpoints.
      history: History.
      every: steps between two checkpoints.
      draw: makes a sample sheet.
      workdir: the run's; None for workers that write nothing but checkpoints.
    """

    def __init__(
        self,
        system: System,
        plan: StagePlan,
        index: int,
        steps: int,
        examples: int,
        first: Position,
        checkpoints: Checkpoints,
        history: History,
        every: int,
        draw: Callable[[], Sheet],
        workdir: pathlib.Path | None,
    ):
        super().__init__()
        self._system = system
        self._plan = plan
        self._index = index
        self._steps = steps
        self._examples = examples
        self._step = first.step
        self._checkpoints = checkpoints
        self._history = history
        self._every = every
        self._draw = draw
        self._workdir = workdir
        self._board = None
        if workdir is not None:
            self._board = callbacks.TensorBoard(workdir / "logs", plan.name)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        self._began = time.monotonic()
        self._trained = 0.0
        self._first_step = self._step

    def on_train_batch_end(self, batch, logs=None):
        before = self._step
        self._step += self.model.steps_per_execution
        self._trained = time.monotonic() - self._began
        # An epoch's end is saved after its validation.
        is_due = self._step // self._every > before // self._every
        if is_due and self._step < self._steps:
            self._save(self._epoch, self._step)

    def on_epoch_end(self, epoch, logs=None):
        row = self._row(epoch, logs)
        self._history.add(row)
        self._keep_best(epoch + 1)
        if self._workdir is not None:
            self._history.write()
            self._show(row)
        self._step = 0
        self._save(epoch + 1, 0)

    def close(self) -> None:
        """Closes the TensorBoard files."""
        if self._board is not None:
            self._board.close()

    def _row(self, epoch, logs):
        done = self._step - self._first_step
        batch_size = self._plan.batch_size
        passes, rest = divmod(done, -(-self._examples // batch_size))
        examples = passes * self._examples + min(
            rest * batch_size, self._examples
        )
        return {
            "stage": self._plan.name,
            "epoch": epoch + 1,
            "steps": (epoch + 1) * self._steps,
            "seconds": round(time.monotonic() - self._began, 3),
            "examples_per_second": round(
                examples / max(self._trained, 1e-9), 2
            ),
            "train": {
                name: value
                for name, value in logs.items()
                if not name.startswith("val_")
            },
            "validation": {
                name.removeprefix("val_"): value
                for name, value in logs.items()
                if name.startswith("val_")
            },
            "kept": False,
        }

    def _keep_best(self, epoch):
        plan = self._plan
        if plan.keep_best and epoch == self._history.best_epoch(
            plan.name, plan.keep_best, plan.higher_is_better
        ):
            self._check(epoch * self._steps)
            self._checkpoints.save_best(
                best_name(plan, epoch), self._system.networks
            )

    def _show(self, row):
        sheet = self._draw()
        name = f"{row['stage']}_epoch_{row['epoch']:03d}"
        callbacks.write_sheet(self._workdir / "samples", name, sheet)
        self._board.write(row, sheet)
        if not sys.stdout.isatty():
            lines = callbacks.epoch_lines(row, self._plan.epochs, self._system)
            print(lines, flush=True)

    def _save(self, epoch, step):
        self._check(epoch * self._steps + step)
        self._checkpoints.save(
            Position(self._index, epoch, step),
            self._system.networks,
            self.model,
        )

    def _check(self, step):
        finite.check_weights(self._system.networks, self._plan.name, step)


class GoOn(keras.callbacks.Callback):
    """Gives the first epoch the running metrics of its part before a kill.

    Args:
      values: of `stage.metrics_variables`.
    """

    def __init__(self, values):
        super().__init__()
        self._values = values

    def on_epoch_begin(self, epoch, logs=None):
        if self._values is None:
            return
        for variable, value in zip(
            self.model.metrics_variables, self._values, strict=True
        ):
            variable.assign(value)
        self._values = None


def best_name(plan: StagePlan, epoch: int) -> str:
    """Returns the name of an epoch's weights; epochs count from 1."""
    return f"{plan.name}-{epoch:06d}"
