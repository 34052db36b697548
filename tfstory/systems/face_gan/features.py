"""What face_gan's networks take of a raw example."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import examples, pictures

PICTURES = "pictures"
SEED = "seed"
_SEEDS = 2**31 - 1


def prepare(
    batch: Mapping[str, tf.Tensor], image_size: int
) -> dict[str, tf.Tensor]:
    """Decodes pictures.

    Args:
      batch: raw examples with `image`, string `[batch]`.
      image_size: int, pixels.

    Returns:
      `pictures`, uint8 `[batch, image_size, image_size, 3]`; `seed`, int64
      `[batch]`, of the pictures that evaluation draws beside them: by the
      encoded picture, so that it is the same in every batch and on every
      machine.
    """
    encoded = batch[examples.IMAGE]
    return {
        PICTURES: pictures.decode(encoded, image_size),
        SEED: tf.strings.to_hash_bucket_fast(encoded, _SEEDS),
    }


def draw_seeds(batch: Mapping[str, tf.Tensor], draw: int) -> tf.Tensor:
    """Returns the seeds of evaluation's pictures, int64 `[batch, 2]`.

    Args:
      batch: prepared batch.
      draw: int, which of several pictures for each example.
    """
    seed = batch[SEED]
    return tf.stack([seed, tf.fill(tf.shape(seed), tf.cast(draw, tf.int64))], 1)
