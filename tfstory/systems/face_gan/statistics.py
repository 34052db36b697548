"""What evaluation knows of the training pictures, kept with the model."""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from tfstory import pictures
from tfstory.metrics import frechet, sliced_wasserstein
from tfstory.metrics.picture_features import RandomConvolutions
from tfstory.systems.picture_statistics import MeanPicture, PictureStatistics

REFERENCES = 1024


class Statistics(PictureStatistics):
    """Mean picture, and features and patches of training pictures, in sum.

    No training picture can be seen in them, so that an export holds none.

    Args:
      image_size: int, pixels.
    """

    def __init__(self, image_size: int):
        super().__init__(image_size)
        size = RandomConvolutions.SIZE
        # Features of the first training pictures, for the energy distance.
        self.references = self._zeros("references", (REFERENCES, size))
        # Of all of them, for the Frechet distance.
        self.feature_mean = self._zeros("feature_mean", (size,))
        self.feature_covariance = self._zeros(
            "feature_covariance", (size, size)
        )
        # Of the first ones, for the sliced Wasserstein distance.
        self.sketch = self._zeros(
            "sketch",
            (
                sliced_wasserstein.levels_of(image_size),
                sliced_wasserstein.DIRECTIONS,
                sliced_wasserstein.QUANTILES,
            ),
        )
        self.built = True

    def moments(self) -> frechet.Moments:
        """Returns the features' moments."""
        return frechet.Moments(
            self.feature_mean.numpy(), self.feature_covariance.numpy()
        )

    def adapt(
        self, batches: Iterable[tf.Tensor], features: RandomConvolutions
    ) -> None:
        """Measures the training pictures.

        Args:
          batches: uint8 `[batch, height, width, 3]`.
          features: RandomConvolutions.
        """
        mean = MeanPicture()
        first, found = [], []
        for batch in batches:
            mean.add(batch)
            found.extend(features(pictures.to_unit(batch)).numpy())
            first.extend(batch[: max(0, REFERENCES - len(first))].numpy())
        self.mean_picture.assign(mean.value)
        # As often as it takes, where there are fewer.
        self.references.assign(np.resize(found, self.references.shape))
        # A single picture has no covariance, but can be trained on.
        moments = frechet.moments(
            np.resize(found, (max(2, len(found)), len(found[0])))
        )
        self.feature_mean.assign(moments.mean)
        self.feature_covariance.assign(moments.covariance)
        self.sketch.assign(
            sliced_wasserstein.sketch(pictures.to_unit(np.stack(first)))
        )

    def _zeros(self, name, shape):
        return self.add_weight(name=name, shape=shape, initializer="zeros")
