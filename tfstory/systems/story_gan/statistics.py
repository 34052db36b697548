"""What the trivial baselines know of the training data."""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from tfstory import pictures
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
        generator = np.random.default_rng(self._seed)
        mean = MeanPicture()
        seen = 0
        kept = np.zeros(self.stories.shape, np.uint8)
        for images in batches:
            mean.add(images)
            # Reservoir sampling: each story is kept with the same chance.
            for story in images.numpy():
                seen += 1
                place = seen - 1
                if seen > _STORIES:
                    place = int(generator.integers(seen))
                if place < _STORIES:
                    kept[place] = story
        if not seen:
            return
        # Fewer stories than there are places come again.
        for place in range(seen, _STORIES):
            kept[place] = kept[place % seen]
        self.mean_picture.assign(mean.value)
        self.stories.assign(kept)

    def random_stories(self, seeds: tf.Tensor) -> tf.Tensor:
        """Returns a real story for each seed.

        Args:
          seeds: int64 `[batch]`.

        Returns:
          float32 `[batch, frames, height, width, 3]` in [0, 1].
        """
        stories = tf.convert_to_tensor(self.stories)
        return pictures.to_unit(tf.gather(stories, seeds % _STORIES))
