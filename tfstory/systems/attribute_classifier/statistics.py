"""How often each value of an attribute comes in the training data."""

from collections.abc import Iterable, Mapping

import keras
import numpy as np


class Statistics(keras.layers.Layer):
    """Counts, kept as weights.

    Args:
      classes: attribute to the number of its values, "nothing" included.
    """

    def __init__(self, classes: Mapping[str, int]):
        super().__init__(name="statistics", trainable=False)
        self.counts = {
            name: self.add_weight(shape=[count], initializer="zeros", name=name)
            for name, count in classes.items()
        }
        self.built = True

    def adapt(self, labels: Iterable[np.ndarray]) -> None:
        """Counts.

        Args:
          labels: int64 `[batch, cells, attributes]` each.
        """
        totals = {n: np.zeros(v.shape) for n, v in self.counts.items()}
        for batch in labels:
            for index, total in enumerate(totals.values()):
                values = np.ravel(batch[..., index])
                total += np.bincount(values, minlength=len(total))
        for name, total in totals.items():
            self.counts[name].assign(total)
