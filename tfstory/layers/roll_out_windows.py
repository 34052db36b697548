"""Convolves and pools roll-outs, with what they share computed once.

The convolution of a window is a sum over its tokens, so:

- There are fewer words than tokens: each word is multiplied with the kernel
  once, and all else is sums of the table's rows.
- What a window has in the prefix is one row, the same for all roll-outs from
  there; and half of all tokens are in prefixes.
- Windows that lie wholly in the prefix are one row too: their maximum.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf


class _Plan(NamedTuple):
    """Which rows make up the windows of one roll-out from each prefix.

    The row of an entry is `scale * token + shift + stride * sequence`, of the
    token at its `position`; entries of the prefix have a scale of 0.

    Attributes:
      position, scale, shift, stride: int32 `[entries]`.
      window: int32 `[entries]`, which window it is summed into; sorted.
      prefix: int32 `[windows]`, which prefix a window belongs to; sorted.
    """

    position: np.ndarray
    scale: np.ndarray
    shift: np.ndarray
    stride: np.ndarray
    window: np.ndarray
    prefix: np.ndarray


def pool(
    embeddings: tf.Tensor,
    kernel: tf.Tensor,
    tokens: tf.Tensor,
    roll_outs: tf.Tensor,
) -> tf.Tensor:
    """Returns the maximum over time of the convolution of roll-outs.

    Args:
      embeddings: float `[vocabulary, size]`.
      kernel: float `[width, size, filters]`; at most as wide as sequences.
      tokens: int32 `[batch, length]`; the length is static.
      roll_outs: int32 `[batch, count, length - 1, length]`; `[b, n, t]` begins
        with the first t + 1 tokens of sequence b.

    Returns:
      float `[batch, count, length - 1, filters]`, without a bias.
    """
    vocabulary, length = embeddings.shape[0], tokens.shape[1]
    width, size, filters = kernel.shape
    # Row `width * word + place`: what a word adds to a window there.
    side_by_side = tf.reshape(tf.transpose(kernel, [1, 0, 2]), [size, -1])
    words = tf.reshape(embeddings @ side_by_side, [-1, filters])
    prefixes = _prefixes(words, tokens, width)
    rows = tf.concat([words, tf.reshape(prefixes, [-1, filters])], axis=0)
    plan = _plan(length, width, vocabulary)

    def pool_one(number_and_roll_outs):
        number, own = number_and_roll_outs
        flat = tf.reshape(own, [-1, (length - 1) * length])
        found = tf.gather(flat, plan.position, axis=1)
        found = found * plan.scale + plan.shift + plan.stride * number
        sums = tf.sparse.segment_sum(
            rows,
            tf.reshape(found, [-1]),
            _of_each(flat, plan.window, len(plan.prefix)),
        )
        greatest = tf.math.segment_max(
            sums, _of_each(flat, plan.prefix, length - 1)
        )
        return tf.reshape(greatest, [-1, length - 1, filters])

    # One sequence after the other: its sums stay in the cache.
    return tf.map_fn(
        pool_one,
        (tf.range(tf.shape(tokens)[0]), roll_outs),
        parallel_iterations=1,
        # The whole shape, for a replica that has no sequence.
        fn_output_signature=tf.TensorSpec(
            [roll_outs.shape[1], length - 1, filters], rows.dtype
        ),
    )


def _prefixes(words: tf.Tensor, tokens: tf.Tensor, width: int) -> tf.Tensor:
    """Sums windows up to each prefix's end, the rest taken as zeros.

    Args:
      words: float `[vocabulary * width, filters]`.
      tokens: int32 `[batch, length]`.
      width: int.

    Returns:
      float `[batch, length - 1, windows + 1, filters]`; last the maximum of
      the windows that lie wholly in the prefix, where there are any.
    """
    length = tokens.shape[1]
    beyond = _beyond(length, width)
    prefix, window, place = (x.astype(np.int32) for x in (~beyond).nonzero())
    count = (length - 1) * beyond.shape[1]
    found = tf.gather(tokens, window + place, axis=1) * width + place
    sums = tf.sparse.segment_sum(
        words,
        tf.reshape(found, [-1]),
        _of_each(tokens, prefix * beyond.shape[1] + window, count),
        num_segments=tf.shape(tokens)[0] * count,
    )
    sums = tf.reshape(sums, [-1, *beyond.shape[:2], words.shape[1]])
    whole = ~beyond.any(axis=-1)[..., np.newaxis]
    greatest = tf.reduce_max(
        tf.where(whole, sums, sums.dtype.min), axis=2, keepdims=True
    )
    return tf.concat([sums, greatest], axis=2)


def _plan(length: int, width: int, vocabulary: int) -> _Plan:
    beyond = _beyond(length, width)
    _, windows, _ = beyond.shape
    # One window more, for the maximum, and one place, for the prefix's row.
    chosen = np.pad(beyond, [(0, 0), (0, 1), (0, 1)])
    chosen[:, :windows, width] = beyond.any(axis=-1) & ~beyond.all(axis=-1)
    chosen[:, windows, width] = ~beyond.any(axis=-1).all(axis=-1)
    prefix, window, place = (x.astype(np.int32) for x in chosen.nonzero())
    shared = place == width
    number = prefix * (windows + 1) + window
    kept, window_of_entry = np.unique(number, return_inverse=True)
    parts = (
        np.where(shared, 0, prefix * length + window + place),
        np.where(shared, 0, width),
        np.where(shared, vocabulary * width + number, place),
        np.where(shared, (length - 1) * (windows + 1), 0),
        window_of_entry,
        kept // (windows + 1),
    )
    return _Plan(*(part.astype(np.int32) for part in parts))


def _beyond(length: int, width: int) -> np.ndarray:
    """Whether each token of each window comes after each prefix.

    Returns:
      bool `[length - 1, windows, width]`.
    """
    places = np.arange(length - width + 1)[:, np.newaxis] + np.arange(width)
    return places > np.arange(length - 1)[:, np.newaxis, np.newaxis]


def _of_each(rows: tf.Tensor, segments: np.ndarray, count: int) -> tf.Tensor:
    """Repeats segment numbers, each below `count`, anew for each row."""
    first = count * tf.range(tf.shape(rows)[0])
    return tf.reshape(first[:, tf.newaxis] + segments, [-1])
