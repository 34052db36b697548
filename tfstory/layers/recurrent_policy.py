"""A recurrent network that writes sequences token by token."""

from typing import Any

import keras
import tensorflow as tf

from tfstory.layers import gru
from tfstory.losses import softmax
from tfstory.sampling import categorical, decoding
from tfstory.sampling.alphabet import Alphabet

CELLS = ("gru", "lstm")


class RecurrentPolicy(keras.Model):
    """A language model, or a policy whose actions are tokens.

    The generators of seed document 002, section 4.1 (a GRU whose first state
    is noise), and of Yu et al. 2017, "SeqGAN" (arXiv:1609.05473; an LSTM).

    Args:
      vocabulary_size: int.
      embedding_size: int, of a token.
      units: int, of the state.
      cell: "gru", with the reset gate before the recurrent product as seed
        document 002 has it, or "lstm".
      alphabet: Alphabet.
      dropout: share of a token's embedding and of the state read out that
        training leaves out, the same at all places of a sequence (Gal and
        Ghahramani 2016, arXiv:1512.05287).
      tied: bool, whether the output layer's kernel is that of the embedding
        (Press and Wolf 2017, arXiv:1608.05859); sizes must be the same.
      deviation: standard deviation of all first weights; 0 takes Keras's.
      name: str.

    Raises:
      ValueError: there is no such cell, or sizes that are tied differ.
    """

    def __init__(
        self,
        vocabulary_size: int,
        embedding_size: int,
        units: int,
        cell: str,
        alphabet: Alphabet,
        dropout: float = 0.0,
        tied: bool = False,
        deviation: float = 0.0,
        name: str = "policy",
    ):
        super().__init__(name=name)
        if cell not in CELLS:
            raise ValueError(f"cell must be one of {CELLS}, not {cell!r}")
        if tied and embedding_size != units:
            raise ValueError(
                f"an embedding of {embedding_size} cannot be tied to a state "
                f"of {units}"
            )
        self.vocabulary_size = vocabulary_size
        self.units = units
        self.alphabet = alphabet
        self._dropout = dropout
        first = _initializers(deviation)
        self.embedding = keras.layers.Embedding(
            vocabulary_size, embedding_size, **first["embedding"]
        )
        if cell == "gru":
            self._recurrent = keras.layers.GRU(
                units, return_sequences=True, reset_after=False, **first["cell"]
            )
        else:
            self._recurrent = keras.layers.LSTM(
                units,
                return_sequences=True,
                unit_forget_bias=not deviation,
                **first["cell"],
            )
        self.embedding.build(None)
        self._recurrent.build([None, None, embedding_size])
        self._output_kernel = None
        if not tied:
            self._output_kernel = self.add_weight(
                name="output_kernel",
                shape=(vocabulary_size, units),
                initializer=first["output"],
            )
        self._output_bias = self.add_weight(
            name="output_bias",
            shape=(vocabulary_size,),
            initializer=first["output_bias"],
        )
        self._forbidding = categorical.forbid(
            tf.zeros([vocabulary_size]), alphabet.never
        )
        self.built = True

    @property
    def word_weights(self) -> list[tuple[keras.Variable, int]]:
        """The variables with an entry a token, and the tokens' axis."""
        found = [(self.embedding.embeddings, 0), (self._output_bias, 0)]
        if self._output_kernel is not None:
            found.append((self._output_kernel, 0))
        return found

    def first_state(self, batch: tf.Tensor) -> Any:
        """Returns the state before the start token: zeros, of so many."""
        return self.state_of(tf.zeros([batch, self.units], self.compute_dtype))

    def state_of(self, noise: tf.Tensor) -> Any:
        """Returns noise, float `[batch, units]`, as a first state."""
        noise = tf.cast(noise, self.compute_dtype)
        if isinstance(self._recurrent, keras.layers.GRU):
            return (noise,)
        return noise, tf.zeros_like(noise)

    def step(self, tokens: tf.Tensor, state: Any) -> tuple[tf.Tensor, Any]:
        """Takes a token more; see `decoding.Step`."""
        hidden, state = self._recurrent.cell(
            self.embedding(tokens), list(state)
        )
        return self.logits(hidden), tuple(state)

    def read(
        self, tokens: tf.Tensor, state: Any, seed: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Returns the state that each token is drawn from.

        Args:
          tokens: int32 `[batch, length]`, without a start.
          state: the first one.
          seed: int32 `[2]`, of what dropout leaves out; None leaves out none.

        Returns:
          float `[batch, length, units]`.
        """
        inputs = self.embedding(self.alphabet.inputs(tokens))
        hidden = self._run(self._thinned(inputs, seed, 0), state)
        return self._thinned(hidden, seed, 1)

    def logits(self, hidden: tf.Tensor) -> tf.Tensor:
        """Returns the next token's logits.

        Args:
          hidden: float `[..., units]`, as of `read`.

        Returns:
          float32 `[..., vocabulary_size]`.
        """
        # What is drawn and what is trained are one distribution, so not in
        # half precision either.
        flat = tf.cast(tf.reshape(hidden, [-1, self.units]), tf.float32)
        kernel, bias = self._output()
        logits = tf.matmul(flat, kernel, transpose_b=True)
        logits = tf.nn.bias_add(logits, bias)
        shape = tf.concat([tf.shape(hidden)[:-1], [self.vocabulary_size]], 0)
        logits = tf.reshape(logits, shape)
        logits.set_shape([*hidden.shape[:-1], self.vocabulary_size])
        return logits

    def nll(self, hidden: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        """Returns the negative log-likelihood of tokens, float32 `[rows]`.

        That of `logits`, quicker where it is trained.

        Args:
          hidden: float `[rows, units]`, as of `read`.
          targets: int32 `[rows]`.
        """
        kernel, bias = self._output()
        return softmax.cross_entropy(
            tf.cast(hidden, tf.float32), kernel, bias, targets
        )

    def nll_and_entropy(
        self, hidden: tf.Tensor, targets: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns `nll`, and the entropy of what each token is drawn from.

        Args:
          hidden, targets: as in `nll`.

        Returns:
          Two float32 `[rows]`, in nats.
        """
        kernel, bias = self._output()
        return softmax.cross_entropy_and_entropy(
            tf.cast(hidden, tf.float32), kernel, bias, targets
        )

    def sample(
        self, state: Any, uniforms: tf.Tensor, scored: bool = True
    ) -> decoding.Decoded:
        """Draws a sequence an example.

        Args:
          state: the first one.
          uniforms: float32 `[batch, length]` in [0, 1), one a token.
          scored: whether log-probabilities are wanted.
        """
        return decoding.draw(self.step, state, uniforms, self.alphabet, scored)

    def _run(self, inputs, state):
        if not isinstance(self._recurrent, keras.layers.GRU):
            return self._recurrent(inputs, initial_state=list(state))
        return gru.run(self._recurrent, inputs, *state)

    def _output(self) -> tuple[tf.Tensor, tf.Tensor]:
        """The output layer's kernel and bias, in float32."""
        kernel = self._output_kernel
        if kernel is None:
            kernel = self.embedding.embeddings
        # Finite, so that the loss of a token that cannot come is, too.
        bias = tf.cast(self._output_bias, tf.float32) + self._forbidding
        return tf.cast(kernel, tf.float32), bias

    def _thinned(self, values, seed, stream):
        if seed is None or not self._dropout:
            return values
        return tf.nn.experimental.stateless_dropout(
            values,
            self._dropout,
            seed=tf.random.experimental.stateless_fold_in(seed, stream),
            noise_shape=[tf.shape(values)[0], 1, values.shape[-1]],
        )


def _initializers(deviation: float) -> dict[str, Any]:
    """Keras's own, or normal ones."""
    if not deviation:
        return {
            "embedding": {},
            "cell": {},
            "output": "glorot_uniform",
            "output_bias": "zeros",
        }

    def normal():
        return keras.initializers.RandomNormal(stddev=deviation)

    return {
        "embedding": {"embeddings_initializer": normal()},
        "cell": {
            "kernel_initializer": normal(),
            "recurrent_initializer": normal(),
            "bias_initializer": normal(),
        },
        "output": normal(),
        "output_bias": normal(),
    }
