"""A convolutional network that judges a whole token sequence."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tfstory.layers import convolutions, roll_out_windows
from tfstory.layers.highway import Highway
from tfstory.layers.sequence_discriminator import SequenceDiscriminator

# Of Yu et al. 2017 for sequences of 20 tokens.
WIDTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20)
FILTERS = (100, 200, 200, 200, 200, 100, 100, 100, 100, 100, 160, 160)


def filters_for(
    length: int, divisor: int = 1
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Returns the published widths and numbers of filters, made to fit.

    Args:
      length: int, of the sequences; longer filters are left out.
      divisor: int, what the numbers of filters are divided by.
    """
    kept = [
        (width, max(1, filters // divisor))
        for width, filters in zip(WIDTHS, FILTERS, strict=True)
        if width <= length
    ]
    widths, filters = zip(*kept, strict=True)
    return widths, filters


class ConvolutionalDiscriminator(SequenceDiscriminator):
    """Looks for phrases of several lengths, wherever they stand.

    Yu et al. 2017, "SeqGAN: Sequence Generative Adversarial Nets with Policy
    Gradient" (arXiv:1609.05473; seed document 003), equations 9 to 11 and
    appendix, after Kim 2014 and Zhang and LeCun 2015: convolutions of several
    widths, the maximum over time of each filter, a highway layer, dropout and
    one logit, where the published code has two and a softmax. Weights begin
    as in that code, whose weight of `regularization` is 0.2.

    Args:
      vocabulary_size: int.
      embedding_size: int.
      widths: tokens that each convolution sees.
      filters: number of filters of each width.
      dropout: float in [0, 1), the share of features that are dropped.

    Raises:
      ValueError: widths and numbers of filters do not pair.
    """

    def __init__(
        self,
        vocabulary_size: int,
        embedding_size: int = 64,
        widths: Sequence[int] = WIDTHS,
        filters: Sequence[int] = FILTERS,
        dropout: float = 0.25,
    ):
        super().__init__(name="convolutional_discriminator")
        if len(widths) != len(filters):
            raise ValueError(
                f"each width needs its number of filters, but there are "
                f"{len(widths)} widths and {len(filters)} numbers of filters"
            )
        self._longest = max(widths)
        self._features = sum(filters)
        self._dropout = dropout
        self.embedding = keras.layers.Embedding(
            vocabulary_size,
            embedding_size,
            embeddings_initializer=keras.initializers.RandomUniform(-1.0, 1.0),
        )
        self._convolutions = [
            convolutions.Conv1D(count, width, activation="relu", **_begin())
            for width, count in zip(widths, filters, strict=True)
        ]
        self._highway = Highway()
        self._output = keras.layers.Dense(1, **_begin())

    def build(self, tokens_shape):
        self.embedding.build(tokens_shape)
        for convolution in self._convolutions:
            convolution.build((*tokens_shape, self.embedding.output_dim))
        self._highway.build((None, self._features))
        self._output.build((None, self._features))

    def call(
        self,
        tokens: tf.Tensor,
        seed: tf.Tensor | None = None,
        mask: tf.Tensor | None = None,
    ) -> tf.Tensor:
        """Returns logits, float `[batch]`; see the base class.

        Windows that lie wholly in padding do not count.

        Raises:
          ValueError: a width is longer than the sequences.
        """
        self._check(tokens)
        embedded = self.embedding(tokens)
        pooled = [
            _greatest(convolution(embedded), mask)
            for convolution in self._convolutions
        ]
        return self._judge(tf.concat(pooled, axis=-1), seed)

    def roll_out_logits(
        self, tokens: tf.Tensor, roll_outs: tf.Tensor
    ) -> tf.Tensor:
        """Judges what sequences were continued to, from every prefix.

        The same as `call` without dropout or mask, in three fifths of the time
        on a CPU at the published sizes; see `roll_out_windows`. XLA cannot
        compile it. No gradient flows.

        Args:
          tokens: int32 `[batch, length]`; the length is static.
          roll_outs: int32 `[length - 1, batch, count, length]`; `[t, b]` holds
            continuations of the first t + 1 tokens of sequence b.

        Returns:
          float `[length - 1, batch, count]`.

        Raises:
          ValueError: as `call`.
        """
        self._check(tokens)
        # [batch, count, length - 1, length]
        by_sequence = tf.transpose(roll_outs, [1, 2, 0, 3])
        embeddings = tf.convert_to_tensor(self.embedding.embeddings)
        pooled = [
            tf.nn.relu(
                roll_out_windows.pool(
                    embeddings,
                    tf.convert_to_tensor(convolution.kernel),
                    tokens,
                    by_sequence,
                )
                + convolution.bias
            )
            for convolution in self._convolutions
        ]
        logits = tf.map_fn(
            self._judge,
            tf.concat(pooled, axis=-1),
            parallel_iterations=1,
            fn_output_signature=tf.TensorSpec(
                by_sequence.shape[1:3], self.compute_dtype
            ),
        )
        return tf.stop_gradient(tf.transpose(logits, [2, 0, 1]))

    def regularization(self) -> tf.Tensor:
        """Returns half the squared norm of the output layer's weights."""
        return tf.add_n([tf.nn.l2_loss(w) for w in self._output.weights])

    def _judge(
        self, features: tf.Tensor, seed: tf.Tensor | None = None
    ) -> tf.Tensor:
        """From float `[..., features]` to logits, float `[...]`."""
        features = self._highway(features)
        if seed is not None:
            # Keras's layer draws the same on every replica.
            features = tf.nn.experimental.stateless_dropout(
                features, self._dropout, seed, rng_alg="philox"
            )
        return self._output(features)[..., 0]

    def _check(self, tokens: tf.Tensor) -> None:
        length = tokens.shape[1]
        if length is not None and length < self._longest:
            raise ValueError(
                f"a filter over {self._longest} tokens is longer than the "
                f"sequences, {length}; see filters_for"
            )


def _begin() -> dict[str, keras.initializers.Initializer]:
    """Returns how the published code begins a layer's weights."""
    return {
        "kernel_initializer": keras.initializers.TruncatedNormal(stddev=0.1),
        "bias_initializer": keras.initializers.Constant(0.1),
    }


def _greatest(maps: tf.Tensor, mask: tf.Tensor | None) -> tf.Tensor:
    """Returns the maximum over the windows that count.

    Args:
      maps: float `[batch, windows, filters]`, not negative.
      mask: bool `[batch, length]` or None, tokens that count.

    Returns:
      float `[batch, filters]`.
    """
    if mask is not None:
        # A window counts with its first token: padding comes last.
        counts = mask[:, : tf.shape(maps)[1], tf.newaxis]
        maps = tf.where(counts, maps, tf.zeros([], maps.dtype))
    return tf.reduce_max(maps, axis=1)
