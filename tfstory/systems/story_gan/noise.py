"""StoryGAN's noise: in training by step, in use by each story's own seed."""

from typing import NamedTuple

import tensorflow as tf


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
    a story that goes on begins as it did. The algorithm is fixed, so that
    every device and server draws the same.

    Args:
      seeds: int64 `[batch]`.
      frames: int scalar.
      context_size: int.
      noise_size: int.
    """

    def draw(seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return (
            _normal([context_size], seed, tf.constant(0, tf.int64)),
            tf.map_fn(
                lambda frame: _normal([noise_size], seed, frame),
                tf.range(1, tf.cast(frames, tf.int64) + 1),
                fn_output_signature=tf.TensorSpec([noise_size], tf.float32),
            ),
        )

    # A row more, cut off again: of no seed a loop knows no shapes.
    context, of_frames = tf.map_fn(
        draw,
        tf.pad(seeds, [[0, 1]]),
        fn_output_signature=(
            tf.TensorSpec([context_size], tf.float32),
            tf.TensorSpec([None, noise_size], tf.float32),
        ),
    )
    return Noise(context[:-1], of_frames[:-1])


def _normal(shape, seed, stream):
    return tf.random.stateless_normal(
        shape, seed=tf.stack([seed, stream]), alg="philox"
    )
