"""The loop that writes sequences token by token, in one graph."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from tfstory.sampling import categorical
from tfstory.sampling.alphabet import Alphabet

# Takes tokens int32 `[batch]` and a state; returns the logits of the next
# token, float `[batch, vocabulary]`, and the new state.
Step = Callable[[tf.Tensor, Any], tuple[tf.Tensor, Any]]
# Takes logits and the token's place, int32 scalar; returns int32 `[batch]`.
Choose = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


class Decoded(NamedTuple):
    """Sequences that were written.

    Attributes:
      tokens: int32 `[batch, length]`; no start, padding after an end.
      log_probabilities: float32 `[batch, length]`, in nats, of each token
        under the model itself, however it was chosen; 0 after an end, and
        everywhere where they were not asked for.
      lengths: int32 `[batch]`, tokens with the end.
    """

    tokens: tf.Tensor
    log_probabilities: tf.Tensor
    lengths: tf.Tensor


def decode(
    step: Step,
    state: Any,
    batch: tf.Tensor,
    length: int | tf.Tensor,
    alphabet: Alphabet,
    choose: Choose,
    scored: bool = True,
) -> Decoded:
    """Writes a sequence an example; stops when all have ended.

    Args:
      step: the model, see `Step`. First called with the start token.
      state: nested structure of tensors `[batch, ...]`.
      batch: int32 scalar.
      length: int or int32 scalar, tokens a sequence; one that has not ended
        by then is cut.
      alphabet: Alphabet.
      choose: chooses the next tokens, see `Choose`.
      scored: whether log-probabilities are wanted: each is one more look at
        the whole vocabulary.
    """
    empty = Decoded(
        tokens=tf.fill([batch, length], alphabet.pad),
        log_probabilities=tf.zeros([batch, length]),
        lengths=tf.zeros([batch], tf.int32),
    )
    is_open = tf.ones([batch], tf.bool)

    def is_going(index, token, is_open, state, decoded):
        del index, token, state, decoded
        return tf.reduce_any(is_open)

    def advance(index, token, is_open, state, decoded):
        logits, new_state = step(token, state)
        # A step may know less of its shapes than the loop does.
        new_state = tf.nest.map_structure(
            lambda new, old: tf.ensure_shape(new, old.shape), new_state, state
        )
        chosen = choose(logits, index)
        column = tf.range(length) == index
        written = is_open[:, tf.newaxis] & column[tf.newaxis]
        logs = decoded.log_probabilities
        if scored:
            nll = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=chosen, logits=tf.cast(logits, tf.float32)
            )
            logs = tf.where(written, -nll[:, tf.newaxis], logs)
        decoded = Decoded(
            tokens=tf.where(written, chosen[:, tf.newaxis], decoded.tokens),
            log_probabilities=logs,
            lengths=decoded.lengths + tf.cast(is_open, tf.int32),
        )
        is_open &= ~alphabet.has_ended(chosen)
        return index + 1, chosen, is_open, new_state, decoded

    *_, decoded = tf.while_loop(
        is_going,
        advance,
        (
            tf.constant(0),
            tf.fill([batch], alphabet.start),
            is_open,
            state,
            empty,
        ),
        maximum_iterations=length,
    )
    return decoded


def draw(
    step: Step,
    state: Any,
    uniforms: tf.Tensor,
    alphabet: Alphabet,
    scored: bool = True,
) -> Decoded:
    """Draws a sequence an example, as the model has it.

    Args:
      step, state, alphabet, scored: as in `decode`.
      uniforms: float32 `[batch, length]` in [0, 1), one a token: the place in
        the cumulative distribution that the token takes up.
    """
    batch, length = tf.unstack(tf.shape(uniforms))
    return decode(
        step,
        state,
        batch,
        uniforms.shape[1] or length,
        alphabet,
        lambda logits, place: categorical.draw(
            logits, tf.gather(uniforms, place, axis=1)
        ),
        scored,
    )
