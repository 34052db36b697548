"""StoryGAN's generator by itself: pictures by their error, h_0 by its KL."""

from collections.abc import Callable, Mapping

import keras
import ml_collections
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.metrics.ratio import Ratio
from tfstory.systems import (
    descent,
    features,
    moving_average,
    replicas,
    weights,
)
from tfstory.systems.stage import Stage
from tfstory.systems.story_gan import evaluation, losses, noise
from tfstory.systems.story_gan.model import Generator, Reading

# Draws of one step, told apart in the noise's seed.
STREAMS = 5
NOISE = 0
MODE_SEEKING_LOSS = "mode_seeking_loss"


class Reconstruction(Stage):
    """Teaches the generator what the words say before it has an adversary.

    Alone it gives the baseline that an adversarial game has to beat. Where
    words leave open what stands where, L1 paints the median of what would
    fit, in which small things do not show at all; L2 paints the mean, a blur
    that gets sharper as more is understood.

    Args:
      name, seed, ratios: as in `Stage`.
      generator: Generator.
      averaged: Generator whose weights follow the other's; None for none.
      evaluate: prepared batch to per-example sums.
      config: `config.stages.<name>` of a run.
      ema_decay: float, of `averaged`.
      sizes: of the noise, see `noise.of_step`.
      steps: int, of the whole stage.
      goes_on: bool, whether a stage before has trained the generator, so
        that its average is worth keeping.
      shown: losses to show beside the generator's, which are no part of it.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        generator: Generator,
        averaged: Generator | None,
        evaluate: Callable,
        config: ml_collections.ConfigDict,
        ema_decay: float,
        sizes: tuple[int, int],
        steps: int,
        goes_on: bool = False,
        shown: tuple[str, ...] = (),
    ):
        parts = config.loss_weights.to_dict()
        # Without a weight the stories are not drawn a second time.
        if not parts.get(MODE_SEEKING_LOSS):
            parts.pop(MODE_SEEKING_LOSS, None)
        super().__init__(
            name, seed, ratios, {**parts, **dict.fromkeys(shown, 0.0)}
        )
        self._generator = generator
        self._averaged = averaged
        self._evaluate = evaluate
        self._config = config
        self._ema_decay = ema_decay
        self._sizes = sizes
        self._goes_on = goes_on
        self._steps_per_epoch = steps // config.epochs
        # For one batch; several pay off against adversaries alone.
        self._generator_steps = config.get("generator_steps", 1)

    def adams(self) -> list[keras.optimizers.Adam]:
        """Returns what the config has for `use_optimizers`."""
        rate = self._config.generator_learning_rate
        return [self.adam(rate, self._generator_steps)]

    def use_optimizers(self, generator: keras.optimizers.Optimizer) -> None:
        """Compiles with the generator's optimizer."""
        self.compile(optimizer=generator)
        self.optimizer.build(self._variables())

    def train_step(self, batch):
        parts = self.train_generator(
            self._generator.with_states(with_pictures(batch))
        )
        self.follow()
        return self.update_losses(parts)

    def test_step(self, batch):
        batch = self._generator.with_states(batch)
        return {
            **self.update_losses(self.losses_in_use(with_pictures(batch))),
            **self.update_ratios(self._evaluate(batch)),
        }

    def losses_in_use(self, batch):
        """Returns all losses that are shown, of networks that do not train."""
        return self.generator_losses(batch, training=False)

    def generator_losses(self, batch, step: int = 0, training: bool = True):
        """Returns the parts of the generator's loss, GlobalMean each.

        Args:
          batch: a prepared batch with pictures in [0, 1].
          step: int, of the generator's steps within one training step.
          training: bool.
        """
        drawn = self.draw_noise(batch, NOISE, step, training)
        reading, painted = self.draw(batch, drawn, training)
        return self.own_losses(batch, reading, painted)

    def draw(
        self, batch, drawn: noise.Noise, training: bool
    ) -> tuple[Reading, tf.Tensor]:
        """Returns what the generator reads, and the pictures it paints."""
        reading = self._generator.read_batch(batch, drawn)
        return reading, self._generator.paint(reading.scenes, training=training)

    def own_losses(self, batch, reading: Reading, painted: tf.Tensor):
        """Returns those parts of the loss that need nobody else."""
        real = batch[stories.IMAGES]
        return {
            "kl_loss": losses.kl_loss(reading),
            "l1_loss": replicas.weighted_mean(tf.abs(painted - real)),
            "l2_loss": replicas.weighted_mean(tf.square(painted - real)),
        }

    def train_generator(self, batch, step: int = 0):
        """Makes a step of the generator; returns the parts of its loss."""
        variables = self._variables()
        with tf.GradientTape() as tape:
            parts = self.generator_losses(batch, step)
            scaled = self.optimizer.scale_loss(self.loss_share(parts))
        descent.apply(self.optimizer, tape, scaled, variables)
        return parts

    def follow(self) -> None:
        """Lets the averaged weights follow the trained ones."""
        if self._averaged is None:
            return
        decay = self._ema_decay
        if not self._goes_on:
            # The optimizer counts several steps a batch.
            batches = self.optimizer.iterations // self._generator_steps
            decay = moving_average.growing_decay(decay, batches)
        moving_average.update(
            self._averaged.networks.values(),
            self._generator.networks.values(),
            decay,
        )

    def draw_noise(
        self, batch, stream: int, step: int, training: bool
    ) -> noise.Noise:
        """Draws a batch's noise; see `draw_seed`."""
        seed = self.draw_seed(batch, stream, step, training)
        real = batch[stories.IMAGES]
        count, frames = tf.shape(real)[0], real.shape[1]
        return noise.of_step(seed, count, frames, *self._sizes)

    def draw_seed(
        self, batch, stream: int, step: int, training: bool
    ) -> tf.Tensor:
        """Returns a seed, another in every stream and step, int32 `[2]`.

        In validation the batch's words stand for the step: no two batches
        have the same noise, and each has its own again in the next epoch.
        """
        words = None
        if not training:
            seeds = evaluation.story_seeds(batch[features.TOKENS])
            words = tf.reduce_sum(seeds) % (2**31 - 1)
        return self.noise_seed(stream + STREAMS * step, words)

    def adam(self, rate: float, steps: int) -> keras.optimizers.Adam:
        """Returns Adam; its rate halves every so many epochs, or never.

        Args:
          rate: float, to begin with.
          steps: int, that it makes in one step of training.
        """
        # None where a benchmark makes fewer steps than there are epochs.
        halve_every = (
            self._config.halve_every_epochs * self._steps_per_epoch * steps
        )
        if halve_every:
            rate = keras.optimizers.schedules.ExponentialDecay(
                rate, halve_every, 0.5, staircase=True
            )
        return keras.optimizers.Adam(rate, beta_1=self._config.beta_1)

    def _variables(self):
        return weights.trainable(self._generator.networks.values())


def with_pictures(batch):
    """Returns the batch with its pictures in [0, 1]."""
    return {**batch, stories.IMAGES: pictures.to_unit(batch[stories.IMAGES])}
