"""Text2Gist: a sentence becomes a filter over the story's context."""

import keras
import tensorflow as tf


def convolve(signals: tf.Tensor, filters: tf.Tensor) -> tf.Tensor:
    """Convolves each signal with filters of its own.

    As `numpy.convolve(signal, filter, mode="same")` for every channel: the
    signal is zero outside itself, and the filter is turned around.

    Args:
      signals: float `[batch, size]`.
      filters: float `[batch, filter_size, channels]`; an odd size, no larger
        than the signals'.

    Returns:
      float `[batch, size, channels]`.
    """
    size, length = signals.shape[1], filters.shape[1]
    reach = length // 2
    padded = tf.pad(signals, [[0, 0], [reach, reach]])
    # Entry [j, m] is where the filter's tap m looks for the j-th result.
    taps = [[j + length - 1 - m for m in range(length)] for j in range(size)]
    windows = tf.gather(padded, tf.constant(taps), axis=1)
    return tf.einsum("bnk,bkc->bnc", windows, filters)


class Text2Gist(keras.layers.Layer):
    """Joins a frame's sentence with the story told so far.

    Seed document 000, section 1.1: `o_t = Filter(i_t) * h_{t-1}`, where
    Filter is a dense layer whose output is a 1-D convolution filter of
    several channels. The seed says nothing of how the context carries on;
    here as in the paper (Li et al. 2019, "StoryGAN: A Sequential Conditional
    GAN for Story Visualization", section 3.2) it is gated as in a GRU, up to
    the name of the gate (z or 1 - z):

      z_t = sigmoid(W_z i_t + U_z h_{t-1} + b_z)
      r_t = sigmoid(W_r i_t + U_r h_{t-1} + b_r)
      h_t = z_t h_{t-1} + (1 - z_t) tanh(W_h i_t + U_h (r_t h_{t-1}) + b_h)

    So h keeps what earlier sentences said, and o_t is read from the context
    before the sentence. In the first frame that is h_0, which is mostly noise,
    and the sentence shows in the filter alone; with `current` the filter goes
    over h_t, in which the sentence is told already.

    Args:
      size: int, of the context h.
      filter_size: int, taps of a filter; odd, at most `size`.
      channels: int, filters.
      current: bool, filter h_t rather than the seed's h_{t-1}.

    Raises:
      ValueError: the filter size is even or larger than the context.
    """

    def __init__(
        self,
        size: int,
        filter_size: int,
        channels: int,
        current: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if filter_size % 2 == 0 or filter_size > size:
            raise ValueError(
                f"a filter over a context of {size} needs an odd size of at "
                f"most {size}, not {filter_size}"
            )
        self._current = current
        self._shape = (filter_size, channels)
        # Bounded, so that a filter cannot drown the context.
        self._filter = keras.layers.Dense(
            filter_size * channels, activation="tanh"
        )
        self._carry = keras.layers.GRUCell(size, reset_after=False)

    def call(
        self, sentence: tf.Tensor, context: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Makes a gist and carries the context on.

        Args:
          sentence: float `[batch, units]`, i_t.
          context: float `[batch, size]`, h_{t-1}.

        Returns:
          The gist o_t, float `[batch, size * channels]`, and h_t, float
          `[batch, size]`.
        """
        filters = tf.reshape(self._filter(sentence), [-1, *self._shape])
        _, (carried,) = self._carry(sentence, [context])
        gist = convolve(carried if self._current else context, filters)
        return tf.reshape(gist, [-1, gist.shape[1] * gist.shape[2]]), carried
