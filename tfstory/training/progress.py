"""Says now and then how far an epoch is, where no progress bar can."""

import sys
import time
from collections.abc import Mapping

import keras

_EVERY_SECONDS = 60.0
_STEPS_TO_JUDGE_BY = 2


class Progress(keras.callbacks.Callback):
    """Prints a line a minute: the step, the loss and the time that is left.

    A terminal has Keras's bar instead, and gets nothing from here.

    Args:
      name: str, the stage's.
      epochs: int, of the stage.
      steps: int, of an epoch.
      first_step: int, steps of the first epoch that lie behind already.
      every: float, seconds from line to line.
    """

    def __init__(
        self,
        name: str,
        epochs: int,
        steps: int,
        first_step: int,
        every: float = _EVERY_SECONDS,
    ):
        super().__init__()
        self._name = name
        self._epochs = epochs
        self._steps = steps
        self._step = first_step
        self._every = every

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        self._began = self._said = time.monotonic()
        self._first_step = self._step

    def on_train_batch_end(self, batch, logs=None):
        self._step += self.model.steps_per_execution
        done = self._step - self._first_step
        now = time.monotonic()
        if done == self.model.steps_per_execution:
            # The first call traces the graph and tells nothing of the rest.
            self._began, self._first_done = now, done
        if now - self._said < self._every or self._step >= self._steps:
            return
        self._said = now
        timed = done - self._first_done
        left = ""
        if timed >= _STEPS_TO_JUDGE_BY:
            per_step = (now - self._began) / timed
            left = f", about {_duration((self._steps - self._step) * per_step)}"
            left += " to the epoch's end"
        if not sys.stdout.isatty():
            print(
                f"{self._name} epoch {self._epoch + 1}/{self._epochs}: step "
                f"{self._step}/{self._steps}{_loss(logs or {})}{left}",
                flush=True,
            )

    def on_epoch_end(self, epoch, logs=None):
        self._step = 0


def _loss(logs: Mapping[str, float]) -> str:
    return f", loss {float(logs['loss']):.4g}" if "loss" in logs else ""


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
