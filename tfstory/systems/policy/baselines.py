"""What a return is compared with: less of it is less noise in the gradient."""

import keras
import tensorflow as tf

from tfstory.systems import replicas
from tfstory.systems.policy.model import LEARNED

NONE, BATCH = "none", "batch"
FORMS = (NONE, BATCH, LEARNED)


class Baseline:
    """The return that is expected before a token is chosen.

    Args:
      form: "none", as the published SeqGAN; "batch", the mean at each place
        over the other sequences of the global batch, whose tokens this one's
        has no part in; "learned", from the policy's state there
        (Ranzato et al. 2016, arXiv:1511.06732, section 3.2.1).
      values: from that state to its value, for "learned"; else None.
    """

    def __init__(self, form: str, values: keras.layers.Layer | None):
        self.is_learned = form == LEARNED
        self._form = form
        self._values = values

    @property
    def trainable_variables(self) -> list[keras.Variable]:
        """What is trained to expect the right return."""
        return self._values.trainable_variables if self.is_learned else []

    def expected(
        self, hidden: tf.Tensor, returns: tf.Tensor, mask: tf.Tensor
    ) -> tf.Tensor:
        """Returns what is expected.

        Args:
          hidden: float `[batch, length, units]`, the policy's states; what is
            learned from them does not change them.
          returns: float32 `[batch, length]`.
          mask: float32 `[batch, length]`.

        Returns:
          float32 `[batch, length]`.
        """
        if self.is_learned:
            values = self._values(tf.stop_gradient(hidden))
            return tf.cast(values[..., 0], tf.float32) * mask
        if self._form == NONE:
            return tf.zeros_like(returns)
        total = replicas.global_sum(tf.reduce_sum(returns * mask, axis=0))
        count = replicas.global_sum(tf.reduce_sum(mask, axis=0))
        of_others = tf.math.divide_no_nan(total - returns, count - 1.0)
        # Where there is no other, nothing tells whether a return is much.
        return tf.where(count > 1.0, of_others, returns) * mask
