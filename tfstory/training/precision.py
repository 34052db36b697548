"""Mixed precision and XLA, where they can work."""

import logging

import keras
import ml_collections
import tensorflow as tf

from tfstory.systems.stage import Stage

_log = logging.getLogger(__name__)


def configure(config: ml_collections.ConfigDict) -> str:
    """Sets the dtype policy of all networks made from now on.

    With `training.mixed_precision`: bfloat16 on CPUs, TPUs and GPUs of
    compute capability 8.0 or more; float16 on GPUs of 7.x, whose stages need
    loss scaling (`optimizer.scale_loss` in `train_step`); float32 with a
    warning on older GPUs, which compute float16 no faster.

    Call it before the system is made.

    Returns:
      The policy's name.
    """
    policy = "float32"
    if config.training.mixed_precision:
        policy = _mixed_policy()
    keras.mixed_precision.set_dtype_policy(policy)
    return policy


def set_xla(
    stage: Stage,
    config: ml_collections.ConfigDict,
    strategy: tf.distribute.Strategy,
) -> None:
    """Turns XLA on or off for a stage.

    It is off, with a warning, under a strategy of several CPU devices, where
    compiled functions cannot reach the replicas' variables. What else XLA
    cannot compile, the runner learns from the first step.
    """
    stage.jit_compile = False
    if not config.training.xla:
        return
    if strategy.num_replicas_in_sync > 1 and not tf.config.list_logical_devices(
        "GPU"
    ):
        _log.warning(
            "stage %s runs without XLA: it cannot compile for several CPU "
            "devices",
            stage.name,
        )
        return
    # Keras warns where a layer does not support it.
    stage.jit_compile = True


def _mixed_policy() -> str:
    capabilities = [
        tf.config.experimental.get_device_details(gpu).get(
            "compute_capability", (0, 0)
        )
        for gpu in tf.config.list_physical_devices("GPU")
    ]
    lowest = min(capabilities, default=(8, 0))
    if lowest >= (8, 0):
        return "mixed_bfloat16"
    if lowest >= (7, 0):
        return "mixed_float16"
    _log.warning(
        "training in float32: a GPU of compute capability %d.%d gains nothing "
        "from mixed precision",
        *lowest,
    )
    return "float32"
