"""Makes systems and stages ready to train, or to use what was trained."""

import pathlib

import keras
import ml_collections
import tensorflow as tf

from tfstory.systems import registry
from tfstory.systems.stage import Stage, StagePlan
from tfstory.systems.system import System
from tfstory.training import checkpoints, precision
from tfstory.training import strategy as strategies


def create(
    config: ml_collections.ConfigDict,
    strategy: tf.distribute.Strategy,
    vocabulary_path: str,
) -> System:
    """Makes the system that `config.system` names, to train it.

    The same seed gives the same initial weights.

    Args:
      config: the run's config.
      strategy: what `strategy.choose` has returned, before any other
        TensorFlow operation.
      vocabulary_path: str, the vocabulary; "" for systems without text.

    Raises:
      UserError: the config does not fit the system.
    """
    precision.configure(config)
    keras.utils.set_random_seed(config.seed)
    with strategy.scope():
        return registry.create(config, vocabulary_path)


def restore(
    config: ml_collections.ConfigDict,
    vocabulary_path: str,
    workdir: str | pathlib.Path,
) -> tuple[System, checkpoints.Position]:
    """Makes the system of a run with its newest weights, to use it.

    It computes in float32 on one device, however it was trained: weights are
    float32 under every policy, servers have CPUs, and figures of runs in
    different precisions can be compared.

    Args:
      config: the run's config.
      vocabulary_path: str, the run's vocabulary; "" for systems without text.
      workdir: the run's work directory.

    Returns:
      The system, and how far the run had come.

    Raises:
      UserError: there is no checkpoint, or it is of another model.
    """
    keras.mixed_precision.set_dtype_policy("float32")
    system = registry.create(config, vocabulary_path)
    return system, checkpoints.restore(system, workdir)


def build(
    plan: StagePlan,
    steps: int,
    config: ml_collections.ConfigDict,
    strategy: tf.distribute.Strategy,
) -> Stage:
    """Builds a stage for `fit` under a strategy.

    Args:
      plan: one of `System.stages`.
      steps: of the whole stage, for learning rate schedules.
      config: the run's config.
      strategy: the strategy that the system was made under.
    """
    with strategy.scope():
        stage = plan.build(steps)
    strategies.fit_for(strategy, stage)
    precision.set_xla(stage, config, strategy)
    return stage
