"""The context encoder: sentences and noise to a gist for each picture."""

import keras
import tensorflow as tf

from tfstory.layers.text2gist import Text2Gist


class ContextEncoder(keras.Model):
    """A GRU over [sentence, noise], then Text2Gist, frame after frame.

    Seed document 000, section 1.3, step 4:

      i_t = GRU(s_t, eps_t),  o_t = Text2Gist(i_t, h_{t-1})

    The GRU keeps a state of its own, which is i_t; h is the story's context,
    from h_0 on. One loop in the graph, for any number of frames.

    Args:
      units: int, size of i_t.
      context_size: int, size of h_t.
      filter_size: int, taps of Text2Gist's filters.
      channels: int, filters.
      current: bool, filter h_t rather than h_{t-1}; see `Text2Gist`.
      with_reading: bool, append i_t to each o_t.
    """

    def __init__(
        self,
        units: int,
        context_size: int,
        filter_size: int,
        channels: int,
        current: bool = False,
        with_reading: bool = False,
    ):
        super().__init__(name="context_encoder")
        self._units = units
        self._rnn = keras.layers.RNN(
            ContextCell(
                units,
                context_size,
                filter_size,
                channels,
                current,
                with_reading,
            ),
            return_sequences=True,
        )

    def call(
        self, sentences: tf.Tensor, noise: tf.Tensor, context: tf.Tensor
    ) -> tf.Tensor:
        """Makes the gists of a story.

        Args:
          sentences: float `[batch, frames, size]`, s_t.
          noise: float `[batch, frames, noise_size]`, eps_t.
          context: float `[batch, context_size]`, h_0.

        Returns:
          float `[batch, frames, context_size * channels]`, o_t; `units`
          more with the reading.
        """
        inputs = tf.concat(
            [tf.cast(x, self.compute_dtype) for x in (sentences, noise)], -1
        )
        state = tf.zeros([tf.shape(inputs)[0], self._units], inputs.dtype)
        context = tf.cast(context, self.compute_dtype)
        return self._rnn(inputs, initial_state=[state, context])


class ContextCell(keras.layers.Layer):
    """One frame of the context encoder, as `keras.layers.RNN` takes it."""

    def __init__(
        self, units, context_size, filter_size, channels, current, with_reading
    ):
        super().__init__()
        self.state_size = [units, context_size]
        self.output_size = context_size * channels + units * with_reading
        self._with_reading = with_reading
        self._gru = keras.layers.GRUCell(units)
        self._text2gist = Text2Gist(
            context_size, filter_size, channels, current
        )

    def build(self, input_shape):
        # Before the loop, in which no variable can be made.
        self._gru.build(input_shape)
        units, context_size = self.state_size
        self._text2gist(tf.zeros([1, units]), tf.zeros([1, context_size]))

    def call(self, inputs, states):
        state, context = states
        read, (state,) = self._gru(inputs, [state])
        gist, context = self._text2gist(read, context)
        if self._with_reading:
            gist = tf.concat([gist, read], axis=-1)
        return gist, [state, context]
