"""What a policy earns by its tokens: the discriminator, objectives, or both.

Seed document 002, section 4.1 (rewards at every step), and 003: Yu et al.
2017, "SeqGAN" (arXiv:1609.05473), equation 4 (roll-outs), and ORGAN,
algorithm 1: `lambda D + (1 - lambda) O`.
"""

from collections.abc import Callable, Sequence

import ml_collections
import tensorflow as tf

from tfstory.losses import policy_gradient
from tfstory.objectives import registry, repeats
from tfstory.sampling.roll_outs import roll_out
from tfstory.systems import replicas
from tfstory.systems.policy import judging
from tfstory.systems.policy.model import (
    ROLL_OUTS,
    STEPS,
    PolicyModel,
    uniform,
)

FORMS = (STEPS, ROLL_OUTS)
# Takes tokens and their mask, `[batch, length]`; returns float32 `[batch]`.
Objective = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


class Rewards:
    """The return of each token of sequences that the policy wrote.

    Args:
      config: `config.reward` of a run.
      model: PolicyModel.
      objectives: in the order of `config.objectives`.
    """

    def __init__(
        self,
        config: ml_collections.ConfigDict,
        model: PolicyModel,
        objectives: Sequence[Objective],
    ):
        self._config = config
        self._model = model
        self._objectives = list(objectives)
        self._alphabet = model.codec.alphabet

    @property
    def roll_outs(self) -> int:
        """Ways in which each beginning might go on; 0 where none is."""
        return self._config.roll_outs if self._config.form == ROLL_OUTS else 0

    @property
    def looks_ahead(self) -> bool:
        """Whether returns are `n_step_returns`."""
        return bool(self._config.n_steps)

    def objective(self, tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Returns what the objectives give sequences, each by its weight.

        Args:
          tokens: int32 `[batch, length]`.
          mask: float32 `[batch, length]`.

        Returns:
          float32 `[batch]`.
        """
        weights = self._config.objective_weights
        weights = weights or [1.0] * len(self._objectives)
        shares = tf.constant(weights, tf.float32) / sum(weights)
        return _weighted(shares, self._objectives, tokens, mask)

    def returns(
        self,
        tokens: tf.Tensor,
        noise: tf.Tensor,
        shard: replicas.Shard,
        seed: tf.Tensor,
        step: tf.Tensor,
    ) -> tf.Tensor:
        """Returns what each token earns with all that comes after it.

        Args:
          tokens: int32 `[batch, length]`.
          noise: float32 `[batch, units]`, what the sequences began with.
          shard: where this replica's sequences lie in the global batch.
          seed: int32 `[2]`, the same on all replicas.
          step: integer scalar, generator steps so far.

        Returns:
          float32 `[batch, length]`, 0 after a sequence's end.
        """
        mask = self._alphabet.mask(tokens)
        if self._config.form == STEPS:
            return mask * policy_gradient.discounted_returns(
                self.of_steps(tokens, mask, step), self._config.discount
            )
        return mask * tf.stop_gradient(
            self._by_roll_outs(tokens, noise, shard, seed, step)
        )

    def n_step_returns(
        self,
        tokens: tf.Tensor,
        mask: tf.Tensor,
        values: tf.Tensor,
        step: tf.Tensor,
    ) -> tf.Tensor:
        """Returns what the next n tokens earn, and what is then expected.

        Args:
          tokens, step: as in `returns`.
          mask: float32 `[batch, length]`.
          values: float32 `[batch, length]`, the return expected before each
            token up to the end.

        Returns:
          float32 `[batch, length]`.
        """
        discount = self._config.discount
        earned = self.of_steps(tokens, mask, step)
        # What comes after an end is known.
        values = tf.where(
            mask > 0,
            values,
            policy_gradient.discounted_returns(earned, discount),
        )
        return mask * policy_gradient.n_step_returns(
            earned, tf.stop_gradient(values), discount, self._config.n_steps
        )

    def of_steps(
        self, tokens: tf.Tensor, mask: tf.Tensor, step: tf.Tensor
    ) -> tf.Tensor:
        """Returns what each token earns at once, float32 `[batch, length]`.

        The discriminator's probability that what was written so far is true;
        what it gives or an objective gives to whole sequences is earned with
        the last token. What a step's probability was at a sequence's end, it
        earns on to the longest length: in the seed document all sequences
        have one length, and an end that forgoes all later rewards would never
        be worth it.
        """

        def truth():
            found = tf.sigmoid(
                judging.logits(
                    self._model.discriminator, tokens, self._alphabet
                )
            )
            if found.shape.rank == 2:
                return _held(found, mask)
            return _with_the_last(found, mask)

        def objective():
            return _with_the_last(self._objective(tokens, mask, step), mask)

        return tf.stop_gradient(self._mixed(truth, objective))

    def _by_roll_outs(self, tokens, noise, shard, seed, step):
        length = self._model.codec.length
        policy = self._model.roll_out_policy
        uniforms = uniform(
            shard,
            tf.shape(tokens)[0],
            [length - 1, self._config.roll_outs, length],
            tf.random.experimental.stateless_fold_in(seed, 1),
        )
        roll_outs = roll_out(
            policy.step,
            policy.state_of(noise),
            tokens,
            tf.transpose(uniforms, [1, 0, 2, 3]),
            self._alphabet,
        )
        # The last token ends the sequence: nothing is left to continue.
        earned = tf.concat(
            [
                tf.reduce_mean(
                    self._of_roll_outs(tokens, roll_outs, step), axis=-1
                ),
                self.of_whole(tokens, step)[tf.newaxis],
            ],
            axis=0,
        )
        return tf.transpose(earned)

    def of_whole(self, tokens: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
        """Returns what whole sequences earn, float32 `[batch]`.

        Args:
          tokens: int32 `[batch, length]`.
          step: integer scalar, generator steps so far.
        """
        mask = self._alphabet.mask(tokens)
        return self._mixed(
            lambda: tf.sigmoid(
                judging.whole_logits(
                    self._model.discriminator, tokens, self._alphabet
                )
            ),
            lambda: self._objective(tokens, mask, step),
        )

    def _of_roll_outs(self, tokens, roll_outs, step):
        """What roll-outs earn, float32 `[length - 1, batch, count]`."""
        shape = tf.shape(roll_outs)[:-1]

        def objective():
            flat = tf.reshape(roll_outs, [-1, roll_outs.shape[-1]])
            mask = self._alphabet.mask(flat)
            # Copies of one sequence are told by roll-out and prefix: those of
            # a prefix that is nearly whole are alike of necessity.
            kinds = tf.range(shape[0] * roll_outs.shape[2])
            kinds = tf.reshape(kinds, [-1, 1, roll_outs.shape[2]])
            kinds = tf.reshape(tf.broadcast_to(kinds, shape), [-1, 1])
            return tf.reshape(self._objective(flat, mask, step, kinds), shape)

        return self._mixed(
            lambda: tf.sigmoid(
                judging.roll_out_logits(
                    self._model.discriminator,
                    tokens,
                    roll_outs,
                    self._alphabet,
                )
            ),
            objective,
        )

    def _mixed(self, truth, objective):
        """`lambda D + (1 - lambda) O`; what has no weight is not made.

        Args:
          truth: returns what the discriminator gives.
          objective: returns what the objectives give, of the same shape.
        """
        share = self._config.discriminator_share
        parts = []
        if share:
            parts.append(share * truth())
        if share < 1:
            parts.append((1 - share) * objective())
        return tf.add_n(parts)

    def _objective(self, tokens, mask, step, kinds=None):
        """Returns the weighted objectives of sequences, float32 `[batch]`.

        Args:
          tokens: int32 `[batch, length]`.
          mask: float32 `[batch, length]`.
          step: generator steps so far.
          kinds: int32 `[batch, 1]`; copies are of one kind. None has one.
        """
        if self._config.steps_a_turn:
            count = len(self._objectives)
            turn = tf.cast(step, tf.int32) // self._config.steps_a_turn % count
            earned = _weighted(
                tf.one_hot(turn, count), self._objectives, tokens, mask
            )
        else:
            earned = self.objective(tokens, mask)
        if self._config.punish_repeats:
            if kinds is not None:
                tokens = tf.concat([kinds, tokens], axis=1)
                mask = tf.concat([tf.ones_like(mask[:, :1]), mask], axis=1)
            earned /= _copies(tokens, mask)
        return earned


def named_objective(name: str, codec) -> Objective:
    """Returns a registered objective of tokens, whatever it takes.

    Args:
      name: of `objectives.registry`.
      codec: Codec, for those that take text.

    Raises:
      UserError: as `registry.ready`.
    """
    found = registry.ready(name)
    if found.takes == registry.TEXT:
        return lambda tokens, mask: found.function(codec.text(tokens))
    return found.function


def _weighted(weights, objectives, tokens, mask):
    return tf.add_n(
        [
            weight * objective(tokens, mask)
            for weight, objective in zip(
                tf.unstack(weights), objectives, strict=True
            )
        ]
    )


def _copies(tokens, mask):
    """How often each sequence is there, on all replicas."""
    own = tf.shape(tokens)[0]
    tokens, first = replicas.all_rows(tokens)
    mask, _ = replicas.all_rows(mask)
    return repeats.copies(tokens, mask)[first : first + own]


def _held(values, mask):
    """Keeps values `[batch, length]` as they were at a sequence's end."""
    last = judging.at_the_end(values, mask)
    return tf.where(mask > 0, values, last[:, tf.newaxis])


def _with_the_last(values, mask):
    """Puts values `[batch]` where each sequence has its last token."""
    last = tf.cast(tf.reduce_sum(mask, axis=-1), tf.int32) - 1
    return values[:, tf.newaxis] * tf.one_hot(last, tf.shape(mask)[1])
