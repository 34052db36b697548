"""Draws the next token from logits, each example by its own seed."""

import math
from collections.abc import Sequence

import tensorflow as tf

# Outside these, scaled logits could overflow.
_MIN_TEMPERATURE = 1e-6
_MAX_TEMPERATURE = 1e6
# How many neighbours are drawn together at first; about the root of a
# vocabulary.
_BLOCKS = range(32, 129)
# Finite, so that the loss of a token that cannot come is, too.
_FORBIDDEN = -1e9


def uniforms(seeds: tf.Tensor, count: int) -> tf.Tensor:
    """Returns numbers that depend on each example's own seed alone.

    The algorithm is fixed, so that every device and server draws the same;
    code that XLA compiles draws other numbers, as good and as repeatable.

    Args:
      seeds: int64 `[batch]`.
      count: int, numbers an example.

    Returns:
      float32 `[batch, count]`, uniform in [0, 1).
    """

    def draw(seed: tf.Tensor) -> tf.Tensor:
        return tf.random.stateless_uniform(
            [count], seed=tf.stack([seed, 0]), alg="philox"
        )

    return tf.map_fn(
        draw, seeds, fn_output_signature=tf.TensorSpec([count], tf.float32)
    )


def forbid(logits: tf.Tensor, never: Sequence[int]) -> tf.Tensor:
    """Returns logits under which some tokens never come, in float32.

    Args:
      logits: float `[..., vocabulary]`.
      never: ids.
    """
    logits = tf.cast(logits, tf.float32)
    if not never:
        return logits
    ids = tf.range(tf.shape(logits)[-1])[:, tf.newaxis]
    is_forbidden = tf.reduce_any(ids == tf.constant(never, tf.int32), axis=-1)
    return tf.where(is_forbidden, _FORBIDDEN, logits)


def draw(logits: tf.Tensor, uniform: tf.Tensor) -> tf.Tensor:
    """Draws a token for each example, as the logits have it.

    `choose` with a temperature of 1, without what that needs for others.

    Args:
      logits: float `[batch, vocabulary]`.
      uniform: float `[batch]` in [0, 1).

    Returns:
      int32 `[batch]`.
    """
    return _draw(tf.nn.softmax(tf.cast(logits, tf.float32)), uniform)


def choose(
    logits: tf.Tensor,
    temperature: tf.Tensor,
    uniform: tf.Tensor,
    top_p: float | tf.Tensor = 1.0,
    never: Sequence[int] = (),
) -> tf.Tensor:
    """Chooses a token for each example.

    Inverse of the cumulative distribution, so that one uniform number a token
    is enough, and nothing depends on the rest of the batch.

    Args:
      logits: float `[batch, vocabulary]`.
      temperature: float `[batch]`, divides the logits; 0 or less takes the
        likeliest token.
      uniform: float `[batch]` in [0, 1), see `uniforms`.
      top_p: in (0, 1], a number or a scalar tensor; draws only from the
        smallest set of likeliest tokens that holds this probability (Holtzman
        et al. 2020, "The Curious Case of Neural Text Degeneration"), after
        the temperature.
      never: ids that are never chosen.

    Returns:
      int32 `[batch]`.

    Raises:
      ValueError: `top_p` is a number that is not in (0, 1].
    """
    is_number = not tf.is_tensor(top_p)
    if is_number and not 0.0 < top_p <= 1.0:
        raise ValueError(f"top_p must be above 0 and at most 1, not {top_p}")
    logits = forbid(logits, never)
    likeliest = tf.argmax(logits, axis=-1, output_type=tf.int32)
    is_random = temperature > 0.0
    scale = tf.clip_by_value(
        tf.where(is_random, temperature, 1.0),
        _MIN_TEMPERATURE,
        _MAX_TEMPERATURE,
    )
    highest = tf.reduce_max(logits, axis=-1, keepdims=True)
    probabilities = tf.nn.softmax((logits - highest) / scale[:, tf.newaxis])
    if is_number and top_p == 1.0:
        drawn = _draw(probabilities, uniform)
    else:
        drawn = tf.cond(
            tf.convert_to_tensor(top_p) < 1.0,
            lambda: _draw_nucleus(probabilities, uniform, top_p),
            lambda: _draw(probabilities, uniform),
        )
    return tf.where(is_random, drawn, likeliest)


def _draw_nucleus(
    probabilities: tf.Tensor, uniform: tf.Tensor, top_p: float
) -> tf.Tensor:
    ranked, ids = tf.math.top_k(probabilities, tf.shape(probabilities)[-1])
    likelier = tf.cumsum(ranked, axis=-1, exclusive=True)
    nucleus = tf.where(likelier < top_p, ranked, 0.0)
    return tf.gather(ids, _draw(nucleus, uniform), batch_dims=1)


def _draw(weights: tf.Tensor, uniform: tf.Tensor) -> tf.Tensor:
    """Draws in proportion to weights `[batch, n]`, never one of weight 0.

    First a block of neighbours, then one of them: two short sums in place of
    one over all, which is the slowest part of drawing from a vocabulary.
    """
    width = _block_width(weights.shape[-1])
    blocks = _blocks(weights, width)
    of_blocks = tf.reduce_sum(blocks, axis=-1)
    until = tf.cumsum(of_blocks, axis=-1)
    aim = uniform * until[:, -1]
    block = _first_beyond(until, of_blocks, aim)
    before = tf.gather(until - of_blocks, block, batch_dims=1)
    inside = tf.gather(blocks, block, batch_dims=1)
    place = _first_beyond(tf.cumsum(inside, axis=-1), inside, aim - before)
    return block * width + place


def _block_width(size: int | None) -> int:
    """Returns a width that divides the vocabulary, where there is one."""
    if size is None:
        return _BLOCKS.start
    wanted = math.isqrt(size)
    fitting = [width for width in _BLOCKS if size % width == 0]
    return min(fitting or [64], key=lambda width: abs(width - wanted))


def _blocks(weights: tf.Tensor, width: int) -> tf.Tensor:
    """Returns the weights `[batch, blocks, width]`, zeros after the last."""
    size = weights.shape[-1]
    if size is None or size % width:
        # A copy of all; so blocks that need none are sought.
        size = tf.shape(weights)[-1]
        weights = tf.pad(weights, [[0, 0], [0, -size % width]])
    return tf.reshape(weights, [tf.shape(weights)[0], -1, width])


def _first_beyond(
    cumulative: tf.Tensor, weights: tf.Tensor, aim: tf.Tensor
) -> tf.Tensor:
    """Returns the first place with a weight whose sum is beyond the aim.

    The last place with a weight where none is: sums are rounded.
    """
    count = tf.shape(weights)[-1]
    places = tf.range(count)
    is_possible = weights > 0.0
    is_beyond = is_possible & (cumulative > aim[:, tf.newaxis])
    # Argmax promises no order among equals.
    first = tf.reduce_min(tf.where(is_beyond, places, count), axis=-1)
    last = tf.reduce_max(tf.where(is_possible, places, 0), axis=-1)
    return tf.minimum(first, last)
