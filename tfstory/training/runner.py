"""Trains a system: all its stages, from wherever the last run stopped."""

import logging
import pathlib
import sys
from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from tfstory import errors
from tfstory.systems.stage import Stage
from tfstory.systems.system import System
from tfstory.training import callbacks, epochs, files, plots, resumption, setup
from tfstory.training.checkpoints import Checkpoints, Position
from tfstory.training.finite import StopOnNonFinite
from tfstory.training.history import History, Row
from tfstory.training.progress import Progress
from tfstory.training.recorder import GoOn, Recorder, best_name
from tfstory.training.strategy import worker_id

_log = logging.getLogger(__name__)
_SAMPLE_EXAMPLES = 4


def train(
    system: System,
    strategy: tf.distribute.Strategy,
    train_examples: tf.data.Dataset,
    validation_examples: tf.data.Dataset,
    workdir: str | pathlib.Path,
    data: Mapping[str, Any] | None = None,
) -> list[Row]:
    """Runs all stages of a system, or what a run before has left of them.

    Killed at any moment and called again, it ends with the weights and the
    history of an unbroken run.

    Args:
      system: what `setup.create` returns, with warm-started weights if that
        is wished.
      strategy: what `strategy.choose` returns.
      train_examples: raw examples, unbatched, finite, in a fixed order.
      validation_examples: the same.
      workdir: gets `config.json`, `data.json`, `checkpoints/`,
        `history.json`, `logs/` (TensorBoard), `samples/` and `plots/`.
      data: what tells these data from others, for JSON; a run does not go on
        with others. None compares nothing.

    Returns:
      The rows of the history (`history.History`). The system has the weights
      that training ended with.

    Raises:
      UserError: there are no examples, the work directory holds a run of
        another config or other data, or its checkpoints cannot be read.
      TrainingError: a loss or a weight is not finite.
    """
    run = _Run(system, strategy, pathlib.Path(workdir))
    return run.train(train_examples, validation_examples, data)


class _Run:
    """One call of `train`."""

    def __init__(self, system, strategy, workdir):
        self._system = system
        self._config = system.config
        self._strategy = strategy
        self._workdir = workdir
        self._plans = list(system.stages())
        self._names = [plan.name for plan in self._plans]
        self._worker = worker_id(strategy)
        self._history = History(workdir / "history.json")
        self._checkpoints = Checkpoints(
            workdir / files.CHECKPOINTS,
            self._config.training.keep_checkpoints,
            self._worker,
        )

    @property
    def _is_chief(self):
        return self._worker == 0

    def train(self, train_examples, validation_examples, data):
        raised = [
            self._names.index(name)
            for name in resumption.raised_stages(self._workdir, self._config)
        ]
        if data is not None:
            resumption.check_data(self._workdir, data)
        found = self._checkpoints.latest(min(raised, default=None))
        if self._is_chief:
            resumption.write(self._workdir, self._config, data)
        position = self._load(found) if found else Position(0, 0, 0)
        if position.stage == len(self._plans):
            self._say("all epochs are trained already")
            return self._history.rows
        self._train = self._examples(train_examples, "training")
        self._validation = self._examples(validation_examples, "validation")
        self._samples = self._spread_out(validation_examples)
        if found:
            self._say(f"goes on with {position.in_words(self._plans)}")
        else:
            self._begin()
        while position.stage < len(self._plans):
            self._tell_stage(position)
            self._run_stage(position, found)
            position = Position(position.stage + 1, 0, 0)
        return self._history.rows

    def _say(self, line):
        if self._is_chief:
            print(line, flush=True)

    def _tell_stage(self, position):
        plan = self._plans[position.stage]
        if position.epoch < plan.epochs:
            self._say(
                f"stage {plan.name}: {plan.epochs} epochs of "
                f"{self._epoch_steps(plan):,} steps"
            )

    def _load(self, found) -> Position:
        path, position = found
        self._checkpoints.load(path, self._system.networks)
        return position

    def _spread_out(self, raw):
        """Returns a prepared batch from all over: neighbours are alike."""
        step = max(1, self._validation.count // _SAMPLE_EXAMPLES)
        batch = raw.shard(step, 0).batch(_SAMPLE_EXAMPLES).take(1)
        return next(iter(batch.map(self._system.prepare)))

    def _examples(self, raw, name):
        return epochs.examples_of(
            raw, self._system.prepare, self._config.training, name
        )

    def _begin(self):
        self._system.adapt(
            epochs.one_pass(
                self._train, max(plan.batch_size for plan in self._plans)
            )
        )
        self._checkpoints.save(Position(0, 0, 0), self._system.networks, None)

    def _run_stage(self, position: Position, found, xla: bool = True):
        plan = self._plans[position.stage]
        self._history.cut(self._names, position)
        stage = self._build(plan, xla)
        if position.epoch or position.step:
            self._checkpoints.load(found[0], self._system.networks, stage)
        else:
            self._checkpoints.forget_best()
        try:
            self._fit(stage, plan, position)
        except tf.errors.OpError as error:
            # A full disk or memory is not XLA's fault.
            if not stage.jit_compile or isinstance(
                error, errors.of_the_machine()
            ):
                raise
            _log.warning(
                "stage %s goes on from its last checkpoint without XLA, "
                "which cannot run it: %s",
                plan.name,
                errors.in_one_line(error),
            )
            found = self._checkpoints.latest()
            self._run_stage(self._load(found), found, xla=False)
            return
        self._finish(plan, position.stage)

    def _build(self, plan, xla) -> Stage:
        steps = self._epoch_steps(plan)
        stage = setup.build(
            plan, steps * plan.epochs, self._config, self._strategy
        )
        if not xla:
            stage.jit_compile = False
        return stage

    def _epoch_steps(self, plan) -> int:
        return plan.epoch_steps or epochs.steps_per_pass(
            self._train, plan.batch_size
        )

    def _fit(self, stage, plan, position):
        steps = self._epoch_steps(plan)
        stage.steps_per_execution = epochs.steps_at_once(
            plan.steps_per_execution,
            steps,
            position.step,
            epochs.steps_per_pass(self._validation, plan.batch_size),
        )
        recorder = Recorder(
            system=self._system,
            plan=plan,
            index=position.stage,
            steps=steps,
            examples=self._train.count,
            first=position,
            checkpoints=self._checkpoints,
            history=self._history,
            every=self._config.training.checkpoint_every_steps,
            draw=lambda: (plan.draw or self._system.sample_sheet)(
                self._samples
            ),
            workdir=self._workdir if self._is_chief else None,
        )
        try:
            if position.step:
                metrics = [
                    keras.ops.convert_to_numpy(variable)
                    for variable in stage.metrics_variables
                ]
                # What is left of the epoch that was broken.
                self._fit_epochs(
                    stage,
                    plan,
                    position,
                    position.epoch + 1,
                    [GoOn(metrics), recorder],
                )
                position = Position(position.stage, position.epoch + 1, 0)
            if position.epoch < plan.epochs:
                self._fit_epochs(stage, plan, position, plan.epochs, [recorder])
        finally:
            recorder.close()

    def _fit_epochs(self, stage, plan, position, last_epoch, extra):
        steps = self._epoch_steps(plan)
        first_step = position.epoch * steps + position.step
        stage.fit(
            epochs.batches(
                self._train,
                plan.batch_size,
                self._strategy,
                seed=(self._config.seed, position.stage),
                first_step=first_step,
            ),
            validation_data=epochs.batches(
                self._validation, plan.batch_size, self._strategy
            ),
            validation_steps=epochs.steps_per_pass(
                self._validation, plan.batch_size
            ),
            initial_epoch=position.epoch,
            epochs=last_epoch,
            steps_per_epoch=steps - position.step,
            shuffle=False,
            callbacks=[
                StopOnNonFinite(plan.name, first_step),
                *extra,
                *(
                    [Progress(plan.name, plan.epochs, steps, position.step)]
                    if self._is_chief
                    else []
                ),
            ],
            # Elsewhere the recorder prints a line an epoch.
            verbose=1 if sys.stdout.isatty() and self._is_chief else 0,
        )

    def _finish(self, plan, index):
        """Ends a stage: the weights that stay, curves, the last checkpoint."""
        networks = self._system.networks
        kept = plan.epochs
        if plan.keep_best:
            kept = self._history.best_epoch(
                plan.name, plan.keep_best, plan.higher_is_better
            )
            if kept is None:
                _log.warning(
                    "stage %s ends with its last epoch: %s, by which the best "
                    "was to be kept, was a number in none",
                    plan.name,
                    plan.keep_best,
                )
                kept = plan.epochs
            else:
                self._checkpoints.load_best(best_name(plan, kept), networks)
        self._history.mark_kept(plan.name, kept)
        if self._is_chief:
            self._history.write()
            plots.write_curves(
                self._workdir / "plots" / f"{plan.name}.png",
                self._history.of(plan.name),
                self._system.ratios,
                plan.optima,
            )
            if self._system.animated:
                callbacks.write_animation(self._workdir / "samples", plan.name)
            if index + 1 == len(self._plans):
                callbacks.write_sheet(
                    self._workdir / "samples",
                    "final",
                    self._system.sample_sheet(self._samples),
                )
        self._checkpoints.save(Position(index + 1, 0, 0), networks, None)
