"""The noise of a training step, the same on any number of replicas."""

from collections.abc import Callable

import tensorflow as tf

from tfstory import augment
from tfstory.systems import replicas


class StepNoise:
    """Draws for the whole global batch, and gives this replica its part.

    Args:
      seed: int, the run's seed.
      step: integer scalar, the training step.
      count: int32 scalar, this replica's examples.
    """

    def __init__(self, seed: int, step: tf.Tensor, count: tf.Tensor):
        self._seed = seed
        self._step = tf.identity(step)
        self._count = count
        self._shard = replicas.shard(count)
        self._streams = 0

    def latents(self, size: int) -> tf.Tensor:
        """Returns new noise for the generator, float32 `[batch, size]`."""
        return self._drawn(tf.random.stateless_normal, size)

    def augmentation(self) -> tf.Tensor:
        """Returns new draws for `augment`, float32 `[batch, DRAWS]`."""
        return self._drawn(tf.random.stateless_uniform, augment.DRAWS)

    def _drawn(self, draw: Callable, size: int) -> tf.Tensor:
        seed = replicas.step_seed(self._seed, self._streams, self._step)
        self._streams += 1
        return replicas.drawn(draw, self._shard, self._count, [size], seed)
