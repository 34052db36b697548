"""Monte-Carlo roll-outs: sequences continued from each of their prefixes."""

from typing import Any

import tensorflow as tf

from tfstory.sampling import categorical
from tfstory.sampling.alphabet import Alphabet
from tfstory.sampling.decoding import Step

# Logits of one roll-out a sequence and prefix above which prefixes are looked
# at one after the other: what the fast memory of a CPU holds. With all at
# once drawing from 5,000 words takes more than twice as long.
_MANY_LOGITS = 2**15
# Prefixes that are worked on at the same time, then.
_AT_A_TIME = 2


def roll_out(
    step: Step,
    state: Any,
    tokens: tf.Tensor,
    uniforms: tf.Tensor,
    alphabet: Alphabet,
) -> tf.Tensor:
    """Continues every prefix of every sequence several times, in one graph.

    Yu et al. 2017, "SeqGAN" (arXiv:1609.05473), equation 4. The model reads a
    sequence once: the state after each prefix is shared by what continues it,
    and a prefix of t tokens joins when token t + 1 is drawn. So the model
    takes half the steps of continuing all from the start, and none twice.

    Args:
      step: the roll-out policy, see `decoding.Step`.
      state: its first, nested structure of tensors `[batch, ...]`.
      tokens: int32 `[batch, length]`, the sequences; the length is static.
      uniforms: float32 `[length - 1, batch, count, length]` in [0, 1): by
        `uniforms[t, b, n, s]` roll-out n of the first t + 1 tokens of
        sequence b draws its token s > t. Others are not looked at.
      alphabet: Alphabet; a prefix that has ended is continued by padding.

    Returns:
      int32 `[length - 1, batch, count, length]`, roll-outs with their
      prefixes: the first t + 1 tokens of `[t, b]` are those of `tokens[b]`.
    """
    prefixes, _, count, length = uniforms.shape
    batch = tf.shape(tokens)[0]
    rows = batch * count
    # [length, prefixes, rows]
    uniforms = tf.reshape(
        tf.transpose(uniforms, [3, 0, 1, 2]), [length, prefixes, rows]
    )
    # Of each place, the tokens of the sequences; roll-outs come over them.
    whole = tf.transpose(tf.repeat(tokens, count, axis=0))
    whole = tf.tile(whole[:, tf.newaxis], [1, prefixes, 1])
    logits, state = step(tf.fill([batch], alphabet.start), state)
    advance = _advance_at_once
    if count * logits.shape[-1] > _MANY_LOGITS:
        advance = _advance_in_turn

    def is_going(place, *_):
        return place < length

    def extend(place, state, states, last, whole):
        """A longer prefix joins; each draws its token at `place`.

        `states` and `last` tokens are those of the prefixes that have joined,
        the shortest first: `[prefixes, rows, ...]`.
        """
        last = tf.concat([last, whole[place - 1, -1:]], axis=0)
        states = tf.nest.map_structure(
            lambda old, new: tf.concat(
                [old, tf.repeat(new, count, axis=0)[tf.newaxis]], axis=0
            ),
            states,
            state,
        )
        drawn, states = advance(
            step, states, last, uniforms[place, :place], alphabet
        )
        _, state = step(tokens[:, place - 1], state)
        column = tf.concat([drawn, whole[place, place:]], axis=0)
        # A scatter refuses the empty batch of a replica without examples.
        is_here = (tf.range(length) == place)[:, tf.newaxis, tf.newaxis]
        whole = tf.where(is_here, column, whole)
        return place + 1, state, states, drawn, whole

    nothing = tf.nest.map_structure(
        lambda value: tf.zeros(
            tf.concat([[0, rows], tf.shape(value)[1:]], axis=0), value.dtype
        ),
        state,
    )
    loop = (
        tf.constant(1),
        state,
        nothing,
        tf.zeros([0, rows], tf.int32),
        whole,
    )
    *_, whole = tf.while_loop(
        is_going,
        extend,
        loop,
        shape_invariants=(
            tf.TensorShape([]),
            tf.nest.map_structure(lambda value: value.shape, state),
            tf.nest.map_structure(
                lambda value: tf.TensorShape([None, None, *value.shape[1:]]),
                state,
            ),
            tf.TensorShape([None, None]),
            whole.shape,
        ),
    )
    # [prefixes, rows, length]
    whole = tf.transpose(whole, [1, 2, 0])
    return tf.reshape(whole, [prefixes, batch, count, length])


def _draw(logits, last, uniform, alphabet):
    """Draws the tokens after the `last` ones; after an end comes padding."""
    chosen = categorical.draw(logits, uniform)
    return tf.where(alphabet.has_ended(last), alphabet.pad, chosen)


def _advance_in_turn(step, states, tokens, uniforms, alphabet):
    """Draws the next token of each roll-out, prefix after prefix.

    Args:
      step, alphabet: as in `roll_out`.
      states: nested structure of tensors `[prefixes, rows, ...]`.
      tokens: int32 `[prefixes, rows]`, the last ones.
      uniforms: float32 `[prefixes, rows]`.

    Returns:
      Tokens and states.
    """

    def advance(inputs):
        state, token, uniform = inputs
        logits, state = step(token, state)
        return _draw(logits, token, uniform, alphabet), state

    return tf.map_fn(
        advance,
        (states, tokens, uniforms),
        fn_output_signature=(
            tf.TensorSpec([None], tf.int32),
            tf.nest.map_structure(
                lambda value: tf.TensorSpec(value.shape[1:], value.dtype),
                states,
            ),
        ),
        parallel_iterations=_AT_A_TIME,
    )


def _advance_at_once(step, states, tokens, uniforms, alphabet):
    """Draws the next token of all roll-outs; as `_advance_in_turn`."""

    def flat(values):
        shape = tf.concat([[-1], tf.shape(values)[2:]], axis=0)
        return tf.ensure_shape(
            tf.reshape(values, shape), [None, *values.shape[2:]]
        )

    def unflat(values):
        rows = tf.concat([tf.shape(tokens), tf.shape(values)[1:]], axis=0)
        return tf.reshape(values, rows)

    last = flat(tokens)
    logits, state = step(last, tf.nest.map_structure(flat, states))
    chosen = _draw(logits, last, flat(uniforms), alphabet)
    return unflat(chosen), tf.nest.map_structure(
        lambda new, old: tf.ensure_shape(unflat(new), old.shape), state, states
    )
