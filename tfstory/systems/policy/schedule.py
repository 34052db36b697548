"""Which player's turn it is: SeqGAN's algorithm 1 (seed document 003)."""

from typing import NamedTuple

import ml_collections
import tensorflow as tf

# Kinds of steps; the first of a round brings the roll-out policy up to date.
FIRST_POLICY_STEP, POLICY_STEP, DISCRIMINATOR_STEP = range(3)


class Schedule(NamedTuple):
    """A round of algorithm 1, in steps of one batch each.

    Attributes:
      policy_steps: g-steps.
      sets: d-steps, each with a set of generated sequences of its own.
      passes: k, how often the discriminator sees each set.
      batches: of a set.
    """

    policy_steps: int
    sets: int
    passes: int
    batches: int

    @classmethod
    def of(cls, config: ml_collections.ConfigDict) -> "Schedule":
        """Returns a stage's schedule, see the system's `defaults`."""
        return cls(
            config.policy_steps,
            config.discriminator_sets,
            config.passes,
            max(1, config.set_size // config.batch_size),
        )

    @property
    def steps(self) -> int:
        """Steps of a round."""
        return self.policy_steps + self.sets * self.passes * self.batches

    def policy_steps_of(self, steps: int) -> int:
        """Returns how many of a stage's first steps are the policy's."""
        rounds, rest = divmod(steps, self.steps)
        return rounds * self.policy_steps + min(rest, self.policy_steps)

    def kind(self, step: int) -> int:
        """Returns the kind of a step, counted from the stage's first."""
        place = step % self.steps
        if place >= self.policy_steps:
            return DISCRIMINATOR_STEP
        return POLICY_STEP if place else FIRST_POLICY_STEP

    def batch_of(self, discriminator_step: tf.Tensor) -> tf.Tensor:
        """Returns the number of a discriminator step's generated batch.

        Each pass over a set takes the same batches. They are written anew
        from the same noise by a policy that stands still meanwhile, which
        keeps nothing between steps.
        """
        step = tf.cast(discriminator_step, tf.int32)
        number = step // (self.passes * self.batches)
        return number * self.batches + step % self.batches
