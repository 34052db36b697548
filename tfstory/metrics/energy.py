"""Energy distance of generated to real features, as per-example sums.

Szekely and Rizzo 2013, "Energy statistics". Unlike the Frechet distance it is
a mean over examples, so that training, evaluation and gates add it up as any
other metric.
"""

import tensorflow as tf


def energy_terms(
    generated: tf.Tensor,
    others: tf.Tensor,
    real: tf.Tensor,
    references: tf.Tensor,
) -> tf.Tensor:
    """Returns terms whose mean estimates the energy distance.

    `2 E|g - r| - E|g - g'| - E|x - r|`, without bias: real examples x and
    references r are of one distribution, so that the last term stands for
    the distance between two of them. 0 where generated and real features
    have one distribution, else above; single terms may be negative.

    Args:
      generated: float `[batch, size]`, features of a generated example.
      others: float `[batch, size]`, of another one each, independent of it.
      real: float `[batch, size]`, of real examples that are held out.
      references: float `[references, size]`, of other real examples.

    Returns:
      float32 `[batch]`.
    """
    return (
        2.0 * _to_references(generated, references)
        - tf.norm(generated - others, axis=-1)
        - _to_references(real, references)
    )


def _to_references(features: tf.Tensor, references: tf.Tensor) -> tf.Tensor:
    """Returns each row's mean distance to the references, `[batch]`."""
    squares = (
        tf.reduce_sum(tf.square(features), axis=-1, keepdims=True)
        - 2.0 * tf.matmul(features, references, transpose_b=True)
        + tf.reduce_sum(tf.square(references), axis=-1)
    )
    return tf.reduce_mean(tf.sqrt(tf.maximum(squares, 0.0)), axis=-1)
