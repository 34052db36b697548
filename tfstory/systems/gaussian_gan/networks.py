"""The generator and the discriminator of seed document 002, section 2.1."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tfstory.layers.minibatch_discrimination import MinibatchDiscrimination


class Generator(keras.Model):
    """z to numbers.

    Args:
      units: widths of the hidden layers; the seed has 6 and 5.
      scale: float, of the outputs: scale * tanh.
      name: str.
    """

    def __init__(self, units: Sequence[int], scale: float, name: str):
        super().__init__(name=name)
        self._scale = scale
        self._layers_of_z = keras.Sequential(
            [
                keras.Input((1,)),
                *_hidden(units),
                keras.layers.Dense(1, activation="tanh", dtype="float32"),
            ]
        )
        self.built = True

    def call(self, z: tf.Tensor) -> tf.Tensor:
        """Returns numbers, z and they float32 `[n]`."""
        return self._scale * self._layers_of_z(z[:, tf.newaxis])[:, 0]


class Discriminator(keras.Model):
    """Numbers to the logit of being real, beside others or alone.

    With minibatch discrimination a number is judged beside others, else by
    itself.

    Args:
      units: widths of the hidden layers; the seed has 6 and 5.
      kernels: int, outputs of minibatch discrimination; 0 for none.
      size: int, numbers that each of its distances sums over.
    """

    def __init__(self, units: Sequence[int], kernels: int, size: int):
        super().__init__(name="discriminator")
        self._features = keras.Sequential([keras.Input((1,)), *_hidden(units)])
        self._closeness = None
        if kernels:
            self._closeness = MinibatchDiscrimination(kernels, size)
            self._closeness.build((None, units[-1]))
        self._judge = keras.layers.Dense(1, dtype="float32")
        self._judge.build((None, units[-1] + kernels))
        self.built = True

    @property
    def looks_beside(self) -> bool:
        """Whether a number's logit depends on others."""
        return self._closeness is not None

    def call(
        self,
        values: tf.Tensor,
        others: tf.Tensor | None = None,
        first: tf.Tensor | int | None = 0,
    ) -> tf.Tensor:
        """Judges numbers.

        Args:
          values: float `[n]`.
          others: float `[m]`, whom they are judged beside; None takes
            `values`. Nothing where the discriminator looks at each alone.
          first: int32 scalar, place of the first value among the others;
            None where the values are not among them.

        Returns:
          float32 `[n]`, logits.
        """
        features = self._features(values[:, tf.newaxis])
        if self.looks_beside:
            beside = None
            if others is not None:
                beside = self._features(others[:, tf.newaxis])
            closeness = self._closeness(features, others=beside, first=first)
            features = tf.concat([features, closeness], axis=-1)
        return self._judge(features)[:, 0]


def _hidden(units: Sequence[int]) -> list[keras.layers.Layer]:
    return [keras.layers.Dense(width, activation="tanh") for width in units]
