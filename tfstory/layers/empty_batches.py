"""Convolutions of batches that may have no example."""

from collections.abc import Callable

import tensorflow as tf


def convolved(layer: Callable[[tf.Tensor], tf.Tensor], x: tf.Tensor):
    """Applies a convolution, also where a replica has no example.

    On CPUs, oneDNN's convolution of none has the shape of what it convolves.
    So none gets a row of zeros, which is cut off again; others are left as
    they are.

    Args:
      layer: a convolution of whole batches, which keeps their size; networks
        have it in those of `layers.convolutions`.
      x: float `[batch, ...]`, all else static.

    Returns:
      What the layer makes of it, `[batch, ...]`.
    """
    count = tf.shape(x)[0]
    missing = 1 - tf.minimum(count, 1)
    padded = tf.pad(x, [[0, missing], *[[0, 0]] * (x.shape.rank - 1)])
    padded = tf.ensure_shape(padded, [None, *x.shape[1:]])
    return layer(padded)[:count]
