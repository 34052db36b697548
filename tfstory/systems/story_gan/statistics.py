"""What the trivial baselines know of the training data."""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from tfstory import pictures
from tfstory.sampling.reservoir import Reservoir
from tfstory.systems.picture_statistics import MeanPicture, PictureStatistics

_STORIES = 8


class Statistics(PictureStatistics):
    """The mean picture and some real stories.

    Args:
      frames: int, frames a story.
      image_size: int, pixels.
      seed: int, decides which stories are kept.
    """

    def __init__(self, frames: int, image_size: int, seed: int):
        super().__init__(image_size)
        self._seed = seed
        self.stories = self.add_weight(
            name="stories",
            shape=(_STORIES, frames, *self.mean_picture.shape),
            initializer="zeros",
            dtype="uint8",
        )
        self.built = True

    def adapt(self, batches: Iterable[tf.Tensor]) -> None:
        """Measures the training data.

        Args:
          batches: of uint8 `[batch, frames, height, width, 3]`.
        """
        reservoir = Reservoir(_STORIES, self._seed)
        mean = MeanPicture()
        for images in batches:
            mean.add(images)
            reservoir.add(images.numpy())
        kept = reservoir.kept
        if not kept:
            return
        self.mean_picture.assign(mean.value)
        # Fewer stories than there are places come again.
        self.stories.assign(
            np.stack([kept[place % len(kept)] for place in range(_STORIES)])
        )

    def random_stories(self, seeds: tf.Tensor) -> tf.Tensor:
        """Returns a real story for each seed.

        Args:
          seeds: int64 `[batch]`.

        Returns:
          float32 `[batch, frames, height, width, 3]` in [0, 1].
        """
        stories = tf.convert_to_tensor(self.stories)
        return pictures.to_unit(tf.gather(stories, seeds % _STORIES))
