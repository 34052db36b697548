"""StoryGAN's training: discriminators and generator in turn (seed 000, 1.3)."""

from typing import Any

import keras
import tensorflow as tf

from tfstory import stories
from tfstory.systems import descent
from tfstory.systems.story_gan import losses, pairs
from tfstory.systems.story_gan.model import Discriminators
from tfstory.systems.story_gan.reconstruction import (
    MODE_SEEKING_LOSS,
    NOISE,
    STREAMS,
    Reconstruction,
    with_pictures,
)

IMAGE_DISCRIMINATOR_LOSS = "image_discriminator_loss"
STORY_DISCRIMINATOR_LOSS = "story_discriminator_loss"
_FRAMES, _ADVERSARIES_NOISE, _ADVERSARIES_FRAMES, _OTHER_NOISE = range(
    NOISE + 1, STREAMS
)


class Adversarial(Reconstruction):
    """Image discriminator, story discriminator and generator, each by Adam.

    Sentences are encoded by the generator's encoder; the discriminators take
    them, and h_0, as they are, so that the generator is told what is wrong
    with its pictures and cannot change the question instead.

    Args:
      discriminators: Discriminators.
      **arguments: of `Reconstruction`.
    """

    def __init__(self, discriminators: Discriminators, **arguments: Any):
        super().__init__(
            shown=(IMAGE_DISCRIMINATOR_LOSS, STORY_DISCRIMINATOR_LOSS),
            **arguments,
        )
        config = self._config
        # Of each story, for the image discriminator; 0 for all.
        self._frames = config.image_batch_size // config.batch_size
        self._discriminators = discriminators

    def adams(self) -> list[keras.optimizers.Adam]:
        config = self._config
        adversaries = config.discriminator_learning_rate
        return [
            *super().adams(),
            self.adam(adversaries, config.image_discriminator_steps),
            self.adam(adversaries, config.story_discriminator_steps),
        ]

    def use_optimizers(self, generator, image, story) -> None:
        """Compiles with an optimizer for each of the three."""
        super().use_optimizers(generator)
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
        batch = self._generator.with_states(with_pictures(batch))
        for step in range(
            max(
                self._config.image_discriminator_steps,
                self._config.story_discriminator_steps,
            )
        ):
            parts |= self._train_discriminators(batch, step)
        for step in range(self._generator_steps):
            parts |= self.train_generator(batch, step)
        self.follow()
        return self.update_losses(parts)

    def losses_in_use(self, batch):
        found = self.pairs(batch, training=False)
        return {
            **super().losses_in_use(batch),
            **{
                name: self.discriminator_loss(name, found, training=False)
                for name in (IMAGE_DISCRIMINATOR_LOSS, STORY_DISCRIMINATOR_LOSS)
            },
        }

    def generator_losses(self, batch, step: int = 0, training: bool = True):
        drawn = self.draw_noise(batch, NOISE, step, training)
        reading, painted = self.draw(batch, drawn, training)
        form = self._config.loss
        sentences = tf.stop_gradient(reading.sentences)
        chosen = self._chosen(batch, _FRAMES, step, training)
        frames = pairs.frames(
            pairs.take(painted, chosen),
            pairs.take(sentences, chosen),
            tf.stop_gradient(reading.context),
        )
        parts = self.own_losses(batch, reading, painted)
        if MODE_SEEKING_LOSS in self._part_weights:
            other = self.draw_noise(batch, _OTHER_NOISE, step, training)
            _, painted_other = self.draw(batch, other, training)
            parts[MODE_SEEKING_LOSS] = losses.mode_seeking_loss(
                (drawn, other), (painted, painted_other)
            )
        return {
            **parts,
            "image_loss": losses.generator_loss(
                self._discriminators.image(*frames, training=training), form
            ),
            "story_loss": losses.generator_loss(
                self._discriminators.story(
                    painted, sentences, training=training
                ),
                form,
            ),
        }

    def pairs(self, batch, step: int = 0, whole=True, training: bool = True):
        """Returns what the discriminators learn from, `pairs.Pairs`.

        Args:
          batch, step, training: as in `generator_losses`.
          whole: bool, see `pairs.make`.
        """
        return pairs.make(
            self._generator,
            batch,
            self.draw_noise(batch, _ADVERSARIES_NOISE, step, training),
            self._chosen(batch, _ADVERSARIES_FRAMES, step, training),
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
        descent.apply(optimizer, tape, scaled, variables)
        return loss

    def _chosen(self, batch, stream, step, training):
        real = batch[stories.IMAGES]
        seed = self.draw_seed(batch, stream, step, training)
        return pairs.choose(
            seed, tf.shape(real)[0], real.shape[1], self._frames
        )
