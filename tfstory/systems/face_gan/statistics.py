"""What evaluation knows of the training pictures, kept with the model."""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from tfstory import pictures
from tfstory.metrics import frechet, sliced_wasserstein
from tfstory.metrics.picture_features import RandomConvolutions
from tfstory.sampling.reservoir import Reservoir
from tfstory.systems.picture_statistics import MeanPicture, PictureStatistics

REFERENCES = 1024
_BATCH = 64


class Statistics(PictureStatistics):
    """Mean picture, and features and patches of training pictures, in sum.

    No training picture can be seen in them, so that an export holds none.
    Features and patches are those of some pictures, from all over.

    Args:
      image_size: int, pixels.
    """

    def __init__(self, image_size: int):
        super().__init__(image_size)
        size = RandomConvolutions.SIZE
        # Features, for the energy and the Frechet distance; `count` are
        # there, and come again as often as it takes.
        self.references = self._zeros("references", (REFERENCES, size))
        self.count = self._zeros("count", (), "int32")
        # For the sliced Wasserstein distance.
        self.sketch = self._zeros(
            "sketch",
            (
                sliced_wasserstein.levels_of(image_size),
                sliced_wasserstein.DIRECTIONS,
                sliced_wasserstein.QUANTILES,
            ),
        )
        self.built = True

    def moments(self, count: int) -> frechet.Moments:
        """Returns the moments of the features of some training pictures.

        Args:
          count: int, how many, evenly spread; at most those that are kept.
        """
        kept = int(self.count.numpy())
        count = min(count, kept)
        places = np.arange(count) * kept // count
        # A single picture has no covariance, but can be trained on.
        places = np.resize(places, max(2, count))
        return frechet.moments(self.references.numpy()[places])

    def adapt(
        self, batches: Iterable[tf.Tensor], features: RandomConvolutions
    ) -> None:
        """Measures the training pictures.

        Args:
          batches: uint8 `[batch, height, width, 3]`.
          features: RandomConvolutions.
        """
        mean = MeanPicture()
        # The same ones in every run, so that figures can be compared.
        reservoir = Reservoir(REFERENCES, seed=0)
        for batch in batches:
            mean.add(batch)
            reservoir.add(batch.numpy())
        kept = np.stack(reservoir.kept)
        found = [
            features(pictures.to_unit(kept[i : i + _BATCH]))
            for i in range(0, len(kept), _BATCH)
        ]
        self.mean_picture.assign(mean.value)
        self.references.assign(
            np.resize(np.concatenate(found), self.references.shape)
        )
        self.count.assign(len(kept))
        self.sketch.assign(sliced_wasserstein.sketch(pictures.to_unit(kept)))

    def _zeros(self, name, shape, dtype="float32"):
        return self.add_weight(
            name=name, shape=shape, initializer="zeros", dtype=dtype
        )
