"""What the classifier takes of a raw example."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import examples, pictures

PICTURES = "pictures"


def prepare(
    batch: Mapping[str, tf.Tensor], image_size: int
) -> dict[str, tf.Tensor]:
    """Decodes pictures.

    Args:
      batch: raw examples with `image`, string `[batch]`, and `labels`, int64
        `[batch, cells, attributes]`.
      image_size: int, pixels.

    Returns:
      `pictures`, uint8 `[batch, image_size, image_size, 3]`, and `labels`.
    """
    return {
        PICTURES: pictures.decode(batch[examples.IMAGE], image_size),
        examples.LABELS: batch[examples.LABELS],
    }
