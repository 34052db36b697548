"""Chooses the distribution strategy that the machine calls for."""

import json
import os
from collections.abc import Callable

import ml_collections
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.systems.stage import Stage

_CHOICES = ("auto", "one_device")


def choose(config: ml_collections.ConfigDict) -> tf.distribute.Strategy:
    """Returns the strategy that a run trains under.

    The default strategy for one device; `MirroredStrategy` for several GPUs
    (or logical CPU devices, which tests use); `MultiWorkerMirroredStrategy`
    where the environment variable `TF_CONFIG` names more than one worker.
    Call it before any other TensorFlow operation: a cluster of workers can
    only be joined by a fresh process.

    Args:
      config: the run's config; `training.strategy` is "auto", or
        "one_device" to keep to one device whatever there is.

    Raises:
      UserError: the config or `TF_CONFIG` cannot be understood.
    """
    choice = config.training.strategy
    if choice not in _CHOICES:
        raise UserError(
            f"training.strategy is {choice!r}; choose one of "
            f"{', '.join(_CHOICES)}"
        )
    if choice == "one_device":
        return tf.distribute.get_strategy()
    if _cluster_size(os.environ.get("TF_CONFIG", "")) > 1:
        return tf.distribute.MultiWorkerMirroredStrategy()
    gpus = tf.config.list_logical_devices("GPU")
    if len(gpus) > 1:
        return tf.distribute.MirroredStrategy()
    cpus = tf.config.list_logical_devices("CPU")
    if not gpus and len(cpus) > 1:
        # The default collectives of CPU devices fail with a second model in
        # the process, and for good.
        return tf.distribute.MirroredStrategy(
            [device.name for device in cpus],
            cross_device_ops=tf.distribute.ReductionToOneDevice(),
        )
    return tf.distribute.get_strategy()


def worker_id(strategy: tf.distribute.Strategy) -> int:
    """Returns this process's number among the workers; the chief's is 0."""
    resolver = strategy.cluster_resolver
    if resolver is None or not resolver.cluster_spec():
        return 0
    if resolver.task_type == "chief":
        return 0
    # A chief, where there is one, takes number 0 from the workers.
    has_chief = "chief" in resolver.cluster_spec().as_dict()
    return (resolver.task_id or 0) + has_chief


def fit_for(strategy: tf.distribute.Strategy, stage: Stage) -> None:
    """Lets `fit` run a stage under a strategy of several workers.

    Keras takes the mean of logs over workers along a first axis, which
    scalars lack (up to 3.15 at least), so that the steps give them one.
    """
    if isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        stage.train_step = _with_axis(stage.train_step)
        stage.test_step = _with_axis(stage.test_step)


def _with_axis(step: Callable) -> Callable:
    def step_with_axis(batch):
        return tf.nest.map_structure(lambda x: x[None], step(batch))

    return step_with_axis


def _cluster_size(tf_config: str) -> int:
    """Returns the number of processes that train together."""
    if not tf_config:
        return 1
    try:
        cluster = json.loads(tf_config).get("cluster", {})
        return sum(len(cluster.get(task, [])) for task in ("chief", "worker"))
    except (AttributeError, TypeError, ValueError) as error:
        raise UserError(
            "the environment variable TF_CONFIG is not a JSON object with a "
            f"cluster ({error}); mend or unset it"
        ) from error
