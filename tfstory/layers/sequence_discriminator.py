"""What discriminators of token sequences have in common."""

import abc

import keras
import tensorflow as tf


class SequenceDiscriminator(keras.Model, abc.ABC):
    """Tells true token sequences from generated ones, by logits.

    Sequences are int32 `[batch, length]`; a logit above 0 means that they
    look true. Who trains it adds `regularization` to the loss, weighted.
    """

    @abc.abstractmethod
    def call(
        self,
        tokens: tf.Tensor,
        seed: tf.Tensor | None = None,
        mask: tf.Tensor | None = None,
    ) -> tf.Tensor:
        """Judges sequences.

        Args:
          tokens: int32 `[batch, length]`.
          seed: int32 `[2]`, for dropout, see `tf.random.stateless_uniform`;
            None for no dropout.
          mask: bool `[batch, length]`, False at the padding after a
            sequence's end; None where all tokens count.

        Returns:
          float logits: `[batch]`, or `[batch, length]` where there is one for
          each beginning of a sequence. Those at padding mean nothing.
        """

    def compute_mask(self, tokens, previous_mask):
        """Returns None: logits carry no mask, of which Keras would warn."""
        return None

    def regularization(self) -> tf.Tensor:
        """Returns the penalty on the weights, unweighted, a float32 scalar."""
        return tf.constant(0.0)
