"""What a discriminator says of sequences, whatever its form."""

import tensorflow as tf

from tfstory.layers.convolutional_discriminator import (
    ConvolutionalDiscriminator,
)
from tfstory.layers.sequence_discriminator import SequenceDiscriminator
from tfstory.sampling.alphabet import Alphabet

# Sequences that are judged together, where there are a great many.
_AT_ONCE = 1024


def logits(
    discriminator: SequenceDiscriminator,
    tokens: tf.Tensor,
    alphabet: Alphabet,
    seed: tf.Tensor | None = None,
) -> tf.Tensor:
    """Returns what a discriminator says.

    Args:
      discriminator: SequenceDiscriminator.
      tokens: int32 `[batch, length]`.
      alphabet: Alphabet.
      seed: int32 `[2]`, of dropout; None has none.

    Returns:
      float32, `[batch]` or `[batch, length]`.
    """
    mask = None if alphabet.end is None else alphabet.mask(tokens) > 0
    return tf.cast(discriminator(tokens, seed=seed, mask=mask), tf.float32)


def whole_logits(
    discriminator: SequenceDiscriminator, tokens: tf.Tensor, alphabet: Alphabet
) -> tf.Tensor:
    """Returns a logit a sequence: where there is one a step, the last.

    Args:
      discriminator, tokens, alphabet: as in `logits`.

    Returns:
      float32 `[batch]`.
    """
    return at_the_end(
        logits(discriminator, tokens, alphabet), alphabet.mask(tokens)
    )


def at_the_end(logits: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Returns the logits of whole sequences, `[batch]`.

    Args:
      logits: float, `[batch]` or `[batch, length]`.
      mask: float32 `[batch, length]`.
    """
    if logits.shape.rank == 1:
        return logits
    last = tf.cast(tf.reduce_sum(mask, axis=-1), tf.int32) - 1
    return tf.gather(logits, tf.maximum(last, 0), batch_dims=1)


def roll_out_logits(
    discriminator: SequenceDiscriminator,
    tokens: tf.Tensor,
    roll_outs: tf.Tensor,
    alphabet: Alphabet,
) -> tf.Tensor:
    """Returns the logits of roll-outs, no gradient behind them.

    Args:
      discriminator: SequenceDiscriminator.
      tokens: int32 `[batch, length]`.
      roll_outs: int32 `[length - 1, batch, count, length]`, see
        `sampling.roll_outs`.
      alphabet: Alphabet.

    Returns:
      float32 `[length - 1, batch, count]`.
    """
    shares = isinstance(discriminator, ConvolutionalDiscriminator)
    if shares and alphabet.end is None:
        shared = discriminator.roll_out_logits(tokens, roll_outs)
        return tf.cast(shared, tf.float32)
    length = roll_outs.shape[-1]
    flat = tf.reshape(roll_outs, [-1, length])
    # In parts of like size: memory is for more than one step's states.
    parts = tf.maximum(1, tf.shape(flat)[0] // _AT_ONCE)
    padding = -tf.shape(flat)[0] % parts
    padded = tf.reshape(
        tf.pad(flat, [[0, padding], [0, 0]]), [parts, -1, length]
    )
    found = tf.map_fn(
        lambda rows: whole_logits(discriminator, rows, alphabet),
        padded,
        parallel_iterations=1,
        fn_output_signature=tf.TensorSpec([None], tf.float32),
    )
    found = tf.reshape(found, [-1])[: tf.shape(flat)[0]]
    return tf.stop_gradient(tf.reshape(found, tf.shape(roll_outs)[:-1]))
