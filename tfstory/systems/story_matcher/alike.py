"""Which texts and pictures are the same, and so no negatives of each other."""

import tensorflow as tf


def told_alike(tokens: tf.Tensor, others: tf.Tensor) -> tf.Tensor:
    """Returns whether the same has been told up to a frame.

    Args:
      tokens: int `[batch, frames, length]`.
      others: int `[n, frames, length]`.

    Returns:
      bool `[batch, n, frames]`.
    """
    same = tf.reduce_all(tokens[:, tf.newaxis] == others, axis=-1)
    return tf.math.cumprod(tf.cast(same, tf.int32), axis=-1) > 0


def shown_alike(images: tf.Tensor) -> tf.Tensor:
    """Returns whether two frames of a story show the same picture.

    Args:
      images: uint8 `[batch, frames, height, width, 3]`.

    Returns:
      bool `[batch, frames, frames]`.
    """
    shape = tf.shape(images)
    flat = tf.reshape(images, [shape[0], shape[1], -1])
    return tf.reduce_all(flat[:, :, tf.newaxis] == flat[:, tf.newaxis], axis=-1)


def pairs_alike(tokens: tf.Tensor, shown: tf.Tensor) -> tf.Tensor:
    """Returns which pairs of picture and text go with each other's halves.

    Frames of the same number with the same text so far, whatever their
    stories, and frames of one window that show the same picture.

    Args:
      tokens: int `[batch, frames, length]`.
      shown: bool `[batch, frames, frames]`, `shown_alike`.

    Returns:
      bool `[batch * frames, batch * frames]`, all frames of all stories in
      one row.
    """
    batch, frames = tf.shape(tokens)[0], tf.shape(tokens)[1]
    stories, numbers = tf.range(batch), tf.range(frames)
    same_story = stories[:, tf.newaxis] == stories
    same_number = numbers[:, tf.newaxis] == numbers
    # [batch, frames, batch, frames]
    told = (
        tf.transpose(told_alike(tokens, tokens), [0, 2, 1])[..., tf.newaxis]
        & same_number[:, tf.newaxis]
    )
    shown = shown[:, :, tf.newaxis] & same_story[:, tf.newaxis, :, tf.newaxis]
    return tf.reshape(told | shown, [batch * frames, batch * frames])
