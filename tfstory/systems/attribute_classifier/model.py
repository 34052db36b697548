"""A convolutional network that names what stands in each cell."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from tfstory.layers import convolutions

# That have a width each.
CONVOLUTIONS = 3
# The network's map is so many times smaller than the picture.
_SHRINKS = 4


class Classifier(keras.Model):
    """A picture to logits of what each cell holds.

    Args:
      widths: channels of the three convolutions.
      classes: attribute to the number of its values, "nothing" included.
      across: where the columns of cells lie, as shares of the width.
      down: where the rows of cells lie, as shares of the height.
      size: int, height and width of the pictures.
    """

    def __init__(
        self,
        widths: Sequence[int],
        classes: Mapping[str, int],
        across: Sequence[float],
        down: Sequence[float],
        size: int,
    ):
        super().__init__(name="classifier")
        self._classes = dict(classes)
        self._columns, self._rows = _at(across, size), _at(down, size)
        self._blocks = [
            [
                convolutions.Conv2D(
                    width,
                    kernel,
                    strides=strides,
                    padding="same",
                    use_bias=False,
                ),
                keras.layers.BatchNormalization(synchronized=True),
            ]
            for width, kernel, strides in zip(
                (*widths, widths[-1]), (5, 3, 3, 3), (2, 2, 1, 1), strict=True
            )
        ]
        self._hidden = keras.layers.Dense(widths[-1], activation="relu")
        self._logits = keras.layers.Dense(
            sum(classes.values()), dtype="float32"
        )

    def call(
        self, pictures: tf.Tensor, training: bool = False
    ) -> dict[str, tf.Tensor]:
        """Looks at pictures.

        Args:
          pictures: float `[n, height, width, 3]` in [0, 1].
          training: bool.

        Returns:
          Attribute to logits, float32 `[n, cells, values]`, the cells in rows
          from the top left; value 0 is nothing there.
        """
        x = tf.cast(2.0 * pictures - 1.0, self.compute_dtype)
        for convolution, norm in self._blocks:
            x = tf.nn.relu(norm(convolution(x), training=training))
        # By the first axis: by others, the gradient fails for no pictures.
        x = tf.gather(tf.transpose(x, [1, 0, 2, 3]), self._rows)
        x = tf.gather(tf.transpose(x, [2, 1, 0, 3]), self._columns)
        x = tf.transpose(x, [1, 2, 0, 3])
        x = tf.reshape(x, [-1, x.shape[1] * x.shape[2], x.shape[3]])
        parts = tf.split(
            self._logits(self._hidden(x)), list(self._classes.values()), axis=-1
        )
        return dict(zip(self._classes, parts, strict=True))


def _at(places, size):
    """Returns where in the map places lie, int32 `[places]`."""
    side = size // _SHRINKS
    return tf.constant(
        [min(side - 1, round(place * side - 0.5)) for place in places]
    )
