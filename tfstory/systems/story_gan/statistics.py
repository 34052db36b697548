"""What the trivial baselines know of the training data."""

from collections.abc import Iterable

import keras
import numpy as np
import tensorflow as tf

from tfstory import pictures

_STORIES = 8


class Statistics(keras.layers.Layer):
    """The mean picture and some real stories, kept as weights with the model.

    So an exported model measures itself against the baselines alone.

    Args:
      frames: int, frames a story.
      image_size: int, pixels.
      seed: int, decides which stories are kept.
    """

    def __init__(self, frames: int, image_size: int, seed: int):
        super().__init__(name="statistics", trainable=False, dtype="float32")
        self._seed = seed
        shape = (image_size, image_size, 3)
        self.mean_picture = self.add_weight(
            name="mean_picture",
            shape=shape,
            initializer=keras.initializers.Constant(0.5),
        )
        self.stories = self.add_weight(
            name="stories",
            shape=(_STORIES, frames, *shape),
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
        total = np.zeros(self.mean_picture.shape, np.float64)
        seen = frames = 0
        kept = np.zeros(self.stories.shape, np.uint8)
        for images in batches:
            flat = tf.reshape(pictures.to_unit(images), [-1, *total.shape])
            total += tf.reduce_sum(flat, axis=0).numpy()
            frames += int(flat.shape[0])
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
        self.mean_picture.assign(total / frames)
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
