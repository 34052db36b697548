"""StoryGAN's training: discriminators and generator in turn (seed 000, 1.3)."""

from collections.abc import Callable, Mapping

import keras
import ml_collections
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.metrics.ratio import Ratio
from tfstory.systems import features, moving_average, replicas
from tfstory.systems.stage import Stage
from tfstory.systems.story_gan import losses, noise, pairs
from tfstory.systems.story_gan.model import Discriminators, Generator

IMAGE_DISCRIMINATOR_LOSS = "image_discriminator_loss"
STORY_DISCRIMINATOR_LOSS = "story_discriminator_loss"
_ADVERSARIAL_LOSSES = ("image_loss", "story_loss")
# Draws of one step, told apart in the noise's seed.
_STREAMS = 4
_ADVERSARIES_NOISE, _ADVERSARIES_FRAMES, _NOISE, _FRAMES = range(_STREAMS)


class Adversarial(Stage):
    """Image discriminator, story discriminator and generator, each by Adam.

    Sentences are encoded by the generator's encoder; the discriminators take
    them, and h_0, as they are, so that the generator is told what is wrong
    with its pictures and cannot change the question instead.

    Args:
      name, seed, ratios: as in `Stage`.
      generator: Generator.
      averaged: Generator whose weights follow the other's; None for none.
      discriminators: Discriminators; None trains by L1 and KL alone.
      evaluate: prepared batch to per-example sums.
      config: `config.stages.adversarial` of a run.
      ema_decay: float, of `averaged`.
      sizes: of the noise, see `noise.of_step`.
      steps: int, of the whole stage.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        generator: Generator,
        averaged: Generator | None,
        discriminators: Discriminators | None,
        evaluate: Callable,
        config: ml_collections.ConfigDict,
        ema_decay: float,
        sizes: tuple[int, int],
        steps: int,
    ):
        weights = config.loss_weights.to_dict()
        if discriminators is None:
            weights = {
                part: weight
                for part, weight in weights.items()
                if part not in _ADVERSARIAL_LOSSES
            }
        else:
            # Shown beside the generator's loss, and no part of it.
            weights[IMAGE_DISCRIMINATOR_LOSS] = 0.0
            weights[STORY_DISCRIMINATOR_LOSS] = 0.0
        super().__init__(name, seed, ratios, weights)
        self._generator = generator
        self._averaged = averaged
        self._discriminators = discriminators
        self._evaluate = evaluate
        self._config = config
        self._ema_decay = ema_decay
        self._sizes = sizes
        # Of each story, for the image discriminator; 0 for all.
        self._frames = config.image_batch_size // config.batch_size
        self._use_optimizers(steps // config.epochs)

    def _use_optimizers(self, steps_per_epoch):
        config = self._config

        def adam(rate, steps):
            return _adam(
                rate,
                config.beta_1,
                config.halve_every_epochs * steps_per_epoch * steps,
            )

        self.use_optimizers(
            adam(config.generator_learning_rate, config.generator_steps),
            adam(
                config.discriminator_learning_rate,
                config.image_discriminator_steps,
            ),
            adam(
                config.discriminator_learning_rate,
                config.story_discriminator_steps,
            ),
        )

    def use_optimizers(self, generator, image, story) -> None:
        """Compiles with an optimizer for each of the three."""
        self.compile(optimizer=generator)
        self.optimizer.build(_variables(self._generator.networks))
        if self._discriminators is not None:
            self.image_optimizer = self.scaling(image)
            self.image_optimizer.build(
                self._discriminators.image.trainable_variables
            )
            self.story_optimizer = self.scaling(story)
            self.story_optimizer.build(
                self._discriminators.story.trainable_variables
            )

    def train_step(self, batch):
        parts = {}
        batch = _with_pictures(batch)
        if self._discriminators is not None:
            for step in range(
                max(
                    self._config.image_discriminator_steps,
                    self._config.story_discriminator_steps,
                )
            ):
                parts |= self._train_discriminators(batch, step)
        for step in range(self._config.generator_steps):
            parts |= self._train_generator(batch, step)
        if self._averaged is not None:
            moving_average.update(
                self._averaged.networks.values(),
                self._generator.networks.values(),
                moving_average.growing_decay(
                    self._ema_decay, self.optimizer.iterations
                ),
            )
        return self.update_losses(parts)

    def test_step(self, batch):
        pictured = _with_pictures(batch)
        parts = self.generator_losses(pictured, training=False)
        if self._discriminators is not None:
            found = self.pairs(pictured, training=False)
            parts |= {
                name: self.discriminator_loss(name, found, training=False)
                for name in (IMAGE_DISCRIMINATOR_LOSS, STORY_DISCRIMINATOR_LOSS)
            }
        return {
            **self.update_losses(parts),
            **self.update_ratios(self._evaluate(batch)),
        }

    def generator_losses(self, batch, step: int = 0, training: bool = True):
        """Returns the parts of the generator's loss, GlobalMean each.

        Args:
          batch: a prepared batch with pictures in [0, 1].
          step: int, of the generator's steps within one training step.
          training: bool.
        """
        real = batch[stories.IMAGES]
        reading = self._generator.read(
            batch[features.TOKENS], self._noise(real, _NOISE, step)
        )
        painted = self._generator.paint(reading.gists, training=training)
        parts = {
            "kl_loss": losses.kl_loss(reading),
            "l1_loss": replicas.weighted_mean(tf.abs(painted - real)),
        }
        if self._discriminators is None:
            return parts
        form = self._config.loss
        sentences = tf.stop_gradient(reading.sentences)
        chosen = self._chosen(real, _FRAMES, step)
        frames = pairs.frames(
            pairs.take(painted, chosen),
            pairs.take(sentences, chosen),
            tf.stop_gradient(reading.context),
        )
        parts["image_loss"] = losses.generator_loss(
            self._discriminators.image(*frames, training=training), form
        )
        parts["story_loss"] = losses.generator_loss(
            self._discriminators.story(painted, sentences, training=training),
            form,
        )
        return parts

    def pairs(self, batch, step: int = 0, whole=True, training: bool = True):
        """Returns what the discriminators learn from, `pairs.Pairs`.

        Args:
          batch, step, training: as in `generator_losses`.
          whole: bool, see `pairs.make`.
        """
        real = batch[stories.IMAGES]
        return pairs.make(
            self._generator,
            batch,
            self._noise(real, _ADVERSARIES_NOISE, step),
            self._chosen(real, _ADVERSARIES_FRAMES, step),
            self._config.mismatched,
            whole,
            training,
        )

    def discriminator_loss(self, name: str, found, training: bool = True):
        """Returns a discriminator's loss, GlobalMean.

        Args:
          name: str, `IMAGE_DISCRIMINATOR_LOSS` or `STORY_DISCRIMINATOR_LOSS`.
          found: pairs.Pairs.
          training: bool.
        """
        arguments = (found, self._config.loss, self._config.r1_weight, training)
        if name == IMAGE_DISCRIMINATOR_LOSS:
            return losses.image_discriminator_loss(
                self._discriminators.image, *arguments
            )
        return losses.story_discriminator_loss(
            self._discriminators.story, *arguments
        )

    def _train_discriminators(self, batch, step):
        config, networks = self._config, self._discriminators
        story_too = step < config.story_discriminator_steps
        found = self.pairs(batch, step, whole=story_too)
        parts = {}
        if step < config.image_discriminator_steps:
            name = IMAGE_DISCRIMINATOR_LOSS
            parts[name] = self._train_discriminator(
                name, found, networks.image, self.image_optimizer
            )
        if story_too:
            name = STORY_DISCRIMINATOR_LOSS
            parts[name] = self._train_discriminator(
                name, found, networks.story, self.story_optimizer
            )
        return parts

    def _train_discriminator(self, name, found, network, optimizer):
        variables = network.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.discriminator_loss(name, found)
            scaled = optimizer.scale_loss(loss.share)
        optimizer.apply(tape.gradient(scaled, variables), variables)
        return loss

    def _train_generator(self, batch, step):
        variables = _variables(self._generator.networks)
        with tf.GradientTape() as tape:
            parts = self.generator_losses(batch, step)
            scaled = self.optimizer.scale_loss(self.loss_share(parts))
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        return parts

    def _noise(self, real, stream, step):
        batch, frames = tf.shape(real)[0], real.shape[1]
        seed = self.noise_seed(stream + _STREAMS * step)
        return noise.of_step(seed, batch, frames, *self._sizes)

    def _chosen(self, real, stream, step):
        batch, frames = tf.shape(real)[0], real.shape[1]
        seed = self.noise_seed(stream + _STREAMS * step)
        return pairs.choose(seed, batch, frames, self._frames)


def _with_pictures(batch):
    return {**batch, stories.IMAGES: pictures.to_unit(batch[stories.IMAGES])}


def _variables(networks):
    return [
        variable
        for network in networks.values()
        for variable in network.trainable_variables
    ]


def _adam(rate: float, beta_1: float, halve_every: int):
    """Returns Adam; its rate halves every so many steps, never with 0."""
    if halve_every:
        rate = keras.optimizers.schedules.ExponentialDecay(
            rate, halve_every, 0.5, staircase=True
        )
    return keras.optimizers.Adam(rate, beta_1=beta_1)
