"""What a policy says of each token of given sequences."""

import dataclasses
import functools
from typing import Any

import tensorflow as tf

from tfstory.layers.recurrent_policy import RecurrentPolicy


@dataclasses.dataclass(frozen=True)
class Predictions:
    """Predictions of the tokens that count, one a row.

    Padding takes no part: with lines of unequal length it would be most of
    the work.

    Attributes:
      policy: RecurrentPolicy.
      rows: float `[rows, units]`, what each was predicted from.
      targets: int32 `[rows]`, the tokens themselves.
      hidden: float `[batch, length, units]`, the same in its place.
      places: int64 `[rows, 2]`, of each in the batch.
      shape: int64 `[2]`, batch and length.
    """

    policy: RecurrentPolicy
    rows: tf.Tensor
    targets: tf.Tensor
    hidden: tf.Tensor
    places: tf.Tensor
    shape: tf.Tensor

    def nll(self) -> tf.Tensor:
        """Returns the negative log-likelihood, float32 `[batch, length]`."""
        return self.spread(self.policy.nll(self.rows, self.targets))

    @functools.cached_property
    def logits(self) -> tf.Tensor:
        """What they are chosen by, float32 `[rows, vocabulary]`."""
        return self.policy.logits(self.rows)

    def nll_and_entropy(self) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns `nll` and the policy's entropy, float32 `[batch, length]`."""
        nll, entropy = self.policy.nll_and_entropy(self.rows, self.targets)
        return self.spread(nll), self.spread(entropy)

    def right(self, unknown: int | None) -> tf.Tensor:
        """Returns 1 where a token is the likeliest, float32.

        Args:
          unknown: the token of words that have none, which is never right;
            None where there is no such token.
        """
        likeliest = tf.argmax(self.logits, axis=-1, output_type=tf.int32)
        is_right = likeliest == self.targets
        if unknown is not None:
            is_right &= self.targets != unknown
        return self.spread(tf.cast(is_right, tf.float32))

    def spread(self, values: tf.Tensor) -> tf.Tensor:
        """Brings values `[rows]` to their places; 0 where nothing counts."""
        return tf.scatter_nd(self.places, values, self.shape)


def predict(
    policy: RecurrentPolicy,
    tokens: tf.Tensor,
    mask: tf.Tensor,
    state: Any,
    seed: tf.Tensor | None = None,
    read: tf.Tensor | None = None,
) -> Predictions:
    """Returns what a policy says of each token after those before it.

    Args:
      policy: RecurrentPolicy.
      tokens: int32 `[batch, length]`, without a start.
      mask: float32 `[batch, length]`, 1 where a token counts.
      state: the policy's first.
      seed: of dropout, as in `RecurrentPolicy.read`.
      read: int32 `[batch, length]`, what the policy is told that came before,
        where this is not `tokens` (scheduled sampling).
    """
    hidden = policy.read(tokens if read is None else read, state, seed)
    places = tf.where(mask > 0)
    return Predictions(
        policy,
        tf.gather_nd(hidden, places),
        tf.gather_nd(tokens, places),
        hidden,
        places,
        tf.shape(tokens, tf.int64),
    )


def trimmed(tokens: tf.Tensor, mask: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Cuts off the columns in which nothing counts.

    Args:
      tokens: int32 `[batch, length]`.
      mask: float32 `[batch, length]`.

    Returns:
      Both, of the longest sequence's length; of one column at least.
    """
    longest = tf.cast(tf.reduce_max(tf.reduce_sum(mask, axis=-1)), tf.int32)
    # An empty batch has no longest sequence.
    longest = tf.clip_by_value(longest, 1, tf.shape(tokens)[1])
    return tokens[:, :longest], mask[:, :longest]
