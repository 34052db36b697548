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
    a constant). The absolute error of a blend has no gradient for a choice of
    little weight; here it is exp(difference of the errors / scale) times as
    large, so that a better source is moved towards as long as its logit is
    less than difference / scale behind.

    Args:
      choices: float32 `[batch, height / 2, width / 2, frames + 1]`, logits.
      frames: float32 `[batch, frames, height, width, 3]` in [0, 1].
      painted: float32 `[batch, height, width, 3]`; not moved by this.
      target: float32 `[batch, height, width, 3]`.
      scale: float, the mean absolute error of a block that makes its source
        less likely by a factor of e; 1/12 of the densities' own scale, since
        a block has 12 values.

    Returns:
      float32 `[batch, height / 2, width / 2]`, 0 at best.
    """
    sources = tf.concat(
        [frames, tf.stop_gradient(painted)[:, tf.newaxis]], axis=1
    )
    errors = tf.reduce_mean(tf.abs(sources - target[:, tf.newaxis]), axis=-1)
    errors = block_means(tf.transpose(errors, [0, 2, 3, 1]))
    return -tf.reduce_logsumexp(
        tf.nn.log_softmax(choices) - errors / scale, axis=-1
    )


def block_means(values: tf.Tensor) -> tf.Tensor:
    """Returns the means over blocks of `[batch, height, width, channels]`."""
    return tf.nn.avg_pool2d(values, BLOCK, BLOCK, "VALID")
