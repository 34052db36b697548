"""StoryGAN's noise: in training by step, in use by each story's own seed."""

from typing import NamedTuple

import tensorflow as tf

from tfstory.systems.seeded_noise import normals


class Noise(NamedTuple):
    """Standard normal noise.

    Attributes:
      context: float32 `[batch, context_size]`, of the story encoder.
      frames: float32 `[batch, frames, noise_size]`, of the context encoder.
    """

    context: tf.Tensor
    frames: tf.Tensor


def of_step(
    seed: tf.Tensor,
    batch: tf.Tensor,
    frames: int,
    context_size: int,
    noise_size: int,
) -> Noise:
    """Draws a batch's noise.

    Args:
      seed: int32 `[2]`, `Stage.noise_seed`.
      batch: int scalar.
      frames: int.
      context_size: int.
      noise_size: int.
    """
    size = context_size + frames * noise_size
    drawn = tf.random.stateless_normal([batch, size], seed)
    return Noise(
        drawn[:, :context_size],
        tf.reshape(drawn[:, context_size:], [batch, frames, noise_size]),
    )


def of_seeds(
    seeds: tf.Tensor, frames: tf.Tensor, context_size: int, noise_size: int
) -> Noise:
    """Draws each story's noise from its own seed.

    It depends on nothing else in the batch, and a frame's on no later frame:
    a story that goes on begins as it did.

    Args:
      seeds: int64 `[batch]`.
      frames: int scalar.
      context_size: int.
      noise_size: int.
    """
    # Draw 0 is the story's; each frame has that of its number from 1 on.
    context = normals(
        tf.stack([seeds, tf.zeros_like(seeds)], axis=1), context_size
    )
    numbers = tf.range(1, tf.cast(frames, tf.int64) + 1)
    pairs = tf.stack(tf.meshgrid(seeds, numbers, indexing="ij"), axis=-1)
    of_frames = normals(tf.reshape(pairs, [-1, 2]), noise_size)
    shape = [tf.size(seeds), tf.size(numbers), noise_size]
    return Noise(context, tf.reshape(of_frames, shape))
