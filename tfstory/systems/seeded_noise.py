"""Noise that depends on each row's own seed alone, for use and evaluation."""

import tensorflow as tf


def normals(seeds: tf.Tensor, size: int) -> tf.Tensor:
    """Draws from the standard normal distribution.

    A row depends on no other. The algorithm is fixed, so that every device and
    server draws the same.

    Args:
      seeds: int64 `[n, 2]`: a seed, and which of its draws.
      size: int, numbers a row.

    Returns:
      float32 `[n, size]`.
    """

    def draw(seed: tf.Tensor) -> tf.Tensor:
        return tf.random.stateless_normal([size], seed=seed, alg="philox")

    # A row more, cut off again: of no seed a loop knows no shapes.
    return tf.map_fn(
        draw,
        tf.pad(seeds, [[0, 1], [0, 0]]),
        fn_output_signature=tf.TensorSpec([size], tf.float32),
    )[:-1]
