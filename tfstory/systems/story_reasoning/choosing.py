"""How likely the refiner's choices make the next frame, block by block."""

import tensorflow as tf

from tfstory.systems.story_reasoning.refiner import BLOCK


def negative_log_likelihood(
    choices: tf.Tensor,
    frames: tf.Tensor,
    painted: tf.Tensor,
    target: tf.Tensor,
    scale: float,
) -> tf.Tensor:
    """Returns the negative log-likelihood of each block of the next frame.

    A block is taken for a draw from a mixture, with a component for each
    source: Laplace densities about its pixels, weighed by the choices (up to
    a constant). The absolute error of a blend gives choices no gradient once
    one of them has all the weight; here each is moved towards the part of the
    likelihood that its source has, however small its own part is.

    Args:
      choices: float32 `[batch, height / 2, width / 2, frames + 1]`, logits.
      frames: float `[batch, frames, height, width, 3]` in [0, 1].
      painted: float `[batch, height, width, 3]`; not moved by this.
      target: float `[batch, height, width, 3]`.
      scale: float, of the Laplace densities: a source whose mean absolute
        error is larger by as much is less likely by a factor of e.

    Returns:
      float32 `[batch, height / 2, width / 2]`, >= 0.
    """
    sources = tf.concat(
        [
            tf.cast(frames, tf.float32),
            tf.stop_gradient(painted)[:, tf.newaxis],
        ],
        axis=1,
    )
    errors = tf.reduce_mean(
        tf.abs(sources - tf.cast(target, tf.float32)[:, tf.newaxis]), axis=-1
    )
    errors = block_means(tf.transpose(errors, [0, 2, 3, 1]))
    return -tf.reduce_logsumexp(
        tf.nn.log_softmax(choices) - errors / scale, axis=-1
    )


def block_means(values: tf.Tensor) -> tf.Tensor:
    """Returns the means over blocks of `[batch, height, width, channels]`."""
    return tf.nn.avg_pool2d(values, BLOCK, BLOCK, "VALID")
