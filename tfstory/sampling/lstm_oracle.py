"""The LSTM oracle: a known distribution of token sequences."""

import tensorflow as tf

from tfstory.sampling import decoding
from tfstory.sampling.alphabet import TOKENS
from tfstory.sampling.oracle_parameters import GATES, OracleParameters

# What stands before the first token.
START = TOKENS.start


class LstmOracle:
    """Draws sequences, and tells how likely they are; in-graph.

    Yu et al. 2017, "SeqGAN: Sequence Generative Adversarial Nets with Policy
    Gradient" (arXiv:1609.05473; seed document 003): an LSTM with random
    weights generates the training data, and judges a generator's sequences.

    Args:
      parameters: the weights.
    """

    def __init__(self, parameters: OracleParameters):
        self.parameters = parameters

    def sample(self, uniforms: tf.Tensor) -> tf.Tensor:
        """Draws sequences.

        Args:
          uniforms: float32 `[batch, length]` in [0, 1), one a token: the
            place in the cumulative distribution that the token takes up.

        Returns:
          int32 `[batch, length]`.
        """
        _, *state = self._start(tf.shape(uniforms)[0])

        def step(token, state):
            logits, *state = self._step(token, *state)
            return logits, tuple(state)

        decoded = decoding.draw(
            step, tuple(state), uniforms, TOKENS, scored=False
        )
        return decoded.tokens

    def log_probabilities(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns how likely each token is after those before it.

        Args:
          tokens: int `[batch, length]`.

        Returns:
          float32 `[batch, length]`, in nats.
        """
        tokens = tf.cast(tokens, tf.int32)
        batch = tf.shape(tokens)[0]

        def advance(carried, token):
            before, hidden, cell, _ = carried
            logits, hidden, cell = self._step(before, hidden, cell)
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(token, logits)
            return token, hidden, cell, -loss

        *_, found = tf.scan(
            advance,
            tf.transpose(tokens),
            (*self._start(batch), tf.zeros([batch])),
        )
        return tf.transpose(found)

    def _start(self, batch):
        state = tf.zeros([batch, self.parameters.units])
        return tf.fill([batch], START), state, state

    def _step(self, token, hidden, cell):
        """From the last token `[batch]` and the state `[batch, units]`."""
        weights = self.parameters
        gates = (
            tf.gather(weights.embeddings, token) @ weights.kernel
            + hidden @ weights.recurrent_kernel
            + weights.bias
        )
        entry, forget, output, candidate = tf.split(gates, len(GATES), axis=-1)
        cell = tf.sigmoid(forget) * cell + tf.sigmoid(entry) * tf.tanh(
            candidate
        )
        hidden = tf.sigmoid(output) * tf.tanh(cell)
        # [batch, vocabulary]
        logits = hidden @ weights.output_kernel + weights.output_bias
        return logits, hidden, cell
