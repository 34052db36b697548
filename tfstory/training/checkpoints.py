"""Checkpoints that survive a kill at any moment."""

import logging
import pathlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.systems import weights
from tfstory.systems.stage import Stage, StagePlan
from tfstory.systems.system import System
from tfstory.training import files

_log = logging.getLogger(__name__)
_POSITION = "position/.ATTRIBUTES/VARIABLE_VALUE"
# What TensorFlow raises for a file that is cut short, damaged or gone.
_UNREADABLE = (tf.errors.OpError, LookupError, RuntimeError, ValueError)

Networks = Mapping[str, keras.layers.Layer]


class Position(NamedTuple):
    """Where a run stands: so many of each lie behind it.

    Attributes:
      stage: stages.
      epoch: epochs of the next stage.
      step: steps of the next epoch.
    """

    stage: int
    epoch: int
    step: int

    def in_words(self, plans: Sequence[StagePlan]) -> str:
        """Returns what comes next, such as "stage adversarial, epoch 2".

        Args:
          plans: the run's, of which one or more are not behind it.
        """
        stage, epoch, step = self
        if epoch >= plans[stage].epochs:
            # All but the end of a stage was done.
            if stage + 1 == len(plans):
                return f"the end of stage {plans[stage].name}"
            stage, epoch, step = stage + 1, 0, 0
        words = f"stage {plans[stage].name}, epoch {epoch + 1}"
        return f"{words}, step {step + 1}" if step else words


class Checkpoints:
    """The checkpoints of one run.

    TensorFlow writes the index of a checkpoint last and by renaming it, and
    an index is removed before its data: a checkpoint with an index is whole.

    Args:
      directory: where the chief's checkpoints lie; made if need be.
      keep: how many of the newest stay, 1 or more. Where a stage has ended,
        the one before stays in any case: more epochs go on from it.
      worker: this process's number; others than the chief take part in the
        writing, which a strategy of several workers asks for, and write to
        a folder of their own.
    """

    def __init__(self, directory: pathlib.Path, keep: int, worker: int = 0):
        self._directory = pathlib.Path(directory)
        self._own = self._directory
        if worker:
            self._own = self._directory / f"worker_{worker}"
        self._keep = keep
        self._own.mkdir(parents=True, exist_ok=True)
        _remove_remains(self._own)

    def latest(
        self, last_stage: int | None = None
    ) -> tuple[str, Position] | None:
        """Finds the newest checkpoint that can be read; drops newer ones.

        Args:
          last_stage: take none that has left this stage behind.

        Returns:
          Its path and position; None where a run begins.

        Raises:
          UserError: there are checkpoints, but none that will do.
        """
        numbers = _numbers(self._directory)
        chosen = _newest(self._directory, last_stage)
        if chosen is None and numbers:
            raise UserError(
                f"no checkpoint in {self._directory} can be gone on from; "
                "train anew in another work directory"
            )
        if chosen is not None and self._own == self._directory:
            newer = numbers[numbers.index(_number(chosen[0])) + 1 :]
            for number in newer:
                _remove(self._own, f"ckpt-{number}")
        return chosen

    def save(
        self, position: Position, networks: Networks, stage: Stage | None
    ) -> None:
        """Writes a checkpoint, then removes the oldest beyond `keep`.

        Args:
          position: where the run stands.
          networks: `System.networks`.
          stage: the stage that is running; None between two stages.
        """
        number = max(_numbers(self._own), default=0) + 1
        checkpoint = _checkpoint(networks, stage)
        checkpoint.position = tf.Variable(position, dtype=tf.int64)
        checkpoint.write(str(self._own / f"ckpt-{number}"))
        keep = max(self._keep, 2) if stage is None else self._keep
        for old in _numbers(self._own)[:-keep]:
            _remove(self._own, f"ckpt-{old}")

    def load(
        self, path: str, networks: Networks, stage: Stage | None = None
    ) -> None:
        """Loads the networks and, where one is given, the stage's state.

        Raises:
          UserError: the checkpoint is of another model.
        """
        _load(path, networks, stage)

    def save_best(self, name: str, networks: Networks) -> None:
        """Keeps a copy of the weights; of such copies the last two stay.

        Two, because a kill before the next checkpoint takes the run back to
        where the one before was the best.

        Args:
          name: sorts after the names before.
        """
        _checkpoint(networks).write(str(self._own / f"best-{name}"))
        for old in sorted(self._own.glob("best-*.index"))[:-2]:
            _remove(self._own, old.stem)

    def load_best(self, name: str, networks: Networks) -> None:
        """Loads what `save_best` has written under this name."""
        path = self._own / f"best-{name}"
        if not path.with_name(path.name + ".index").exists():
            # Written by the chief, before this worker was started anew.
            path = self._directory / path.name
        try:
            _load(str(path), networks)
        except _UNREADABLE as error:
            raise UserError(
                f"the best weights in {path} cannot be read; turn keep_best "
                "off, or begin anew in another work directory"
            ) from error

    def forget_best(self) -> None:
        """Removes the copies of `save_best`: another stage begins."""
        for path in self._own.glob("best-*.index"):
            _remove(self._own, path.stem)


def restore(system: System, workdir: str | pathlib.Path) -> Position:
    """Loads the networks of the newest checkpoint, to evaluate or export.

    Args:
      system: System, made from the config of the run.
      workdir: the run's work directory.

    Returns:
      How far the run had come.

    Raises:
      UserError: there is no checkpoint, or it is of another model.
    """
    directory = pathlib.Path(workdir) / files.CHECKPOINTS
    chosen = _newest(directory)
    if chosen is None:
        raise UserError(
            f"there is no checkpoint in {directory}; train first "
            "(tfstory train), or name the work directory of a run"
        )
    path, position = chosen
    _load(path, system.networks)
    return position


def has_left(workdir: str | pathlib.Path, stage: int) -> bool:
    """Returns whether a run can no longer go on in a stage, by its number.

    So it is where all its checkpoints are of later stages.
    """
    directory = pathlib.Path(workdir) / files.CHECKPOINTS
    is_begun = _newest(directory) is not None
    return is_begun and _newest(directory, stage) is None


def optimizers(stage: Stage) -> list[keras.optimizers.Optimizer]:
    """Returns the stage's optimizers, those in its attributes included."""
    found = {}
    for _, value in sorted(vars(stage).items()):
        for leaf in _leaves(value):
            if isinstance(leaf, keras.optimizers.Optimizer):
                found[id(leaf)] = leaf
    return list(found.values())


def _leaves(value: Any) -> Iterator[Any]:
    """Yields what is in a nest; keys need no order, as `tf.nest` asks for."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _checkpoint(
    networks: Networks, stage: Stage | None = None
) -> tf.train.Checkpoint:
    """Returns what is written and read.

    The state beside the weights of the networks: random generators,
    optimizers, and running metrics, so that an epoch's figures do not change
    when it is broken.
    """
    by_network = weights.by_network(networks)
    if stage is None:
        return tf.train.Checkpoint(networks=by_network)
    known = {id(v) for values in by_network.values() for v in values}
    state = []
    for holder in [*networks.values(), stage, *optimizers(stage)]:
        variables = list(holder.variables)
        if holder is stage:
            variables += stage.metrics_variables
        for variable in variables:
            if id(variable.value) not in known:
                known.add(id(variable.value))
                state.append(variable.value)
    return tf.train.Checkpoint(networks=by_network, state=state)


def _load(path: str, networks: Networks, stage: Stage | None = None) -> None:
    try:
        status = _checkpoint(networks, stage).read(path)
        # The position, and a stage's state where the networks are enough.
        status.expect_partial()
        status.assert_existing_objects_matched()
    except (AssertionError, ValueError) as error:  # Missing; of another shape.
        raise UserError(
            f"{path} is of a model with other weights; use the config that "
            "it was trained with, or train anew"
        ) from error


def _newest(
    directory: pathlib.Path, last_stage: int | None = None
) -> tuple[str, Position] | None:
    for number in reversed(_numbers(directory)):
        path = str(directory / f"ckpt-{number}")
        try:
            position = _read(path)
        except _UNREADABLE as error:
            _log.warning("%s cannot be read and is passed by: %s", path, error)
            continue
        if last_stage is None or position.stage <= last_stage:
            return path, position
    return None


def _read(path: str) -> Position:
    """Reads the whole checkpoint, so that checksums are checked."""
    reader = tf.train.load_checkpoint(path)
    for name in reader.get_variable_to_shape_map():
        reader.get_tensor(name)
    return Position(*np.asarray(reader.get_tensor(_POSITION)).tolist())


def _numbers(directory: pathlib.Path) -> list[int]:
    """Returns the numbers of the whole checkpoints, oldest first."""
    return sorted(_number(path.stem) for path in directory.glob("ckpt-*.index"))


def _number(path: str) -> int:
    return int(path.rpartition("-")[2])


def _remove(directory: pathlib.Path, name: str) -> None:
    (directory / f"{name}.index").unlink(missing_ok=True)
    for path in directory.glob(f"{name}.data*"):
        path.unlink(missing_ok=True)


def _remove_remains(directory: pathlib.Path) -> None:
    """Removes what a kill left of a checkpoint half written or removed."""
    whole = {path.stem for path in directory.glob("*.index")}
    for path in directory.glob("*-*"):
        name, _, ending = path.name.partition(".")
        if name in whole and re.fullmatch(r"index|data-\d+-of-\d+", ending):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
