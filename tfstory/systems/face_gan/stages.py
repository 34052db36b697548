"""The adversarial stage (seed document 002, sections 1.1 and 3)."""

from collections.abc import Callable, Mapping

import keras
import ml_collections
import tensorflow as tf

from tfstory import augment, pictures
from tfstory.losses import adversarial
from tfstory.metrics.ratio import Ratio
from tfstory.systems import descent, moving_average, replicas
from tfstory.systems.face_gan import features
from tfstory.systems.face_gan.model import FaceModel
from tfstory.systems.face_gan.noise import StepNoise
from tfstory.systems.stage import Stage


class Adversarial(Stage):
    """Both players' steps for one batch of real pictures.

    The discriminator's k steps (Goodfellow et al. 2014, algorithm 1) meet the
    same real pictures with new noise and augmentation each; then come the
    generator's. Keras keeps the generator's optimizer as the stage's own.

    Args:
      name, seed, ratios: as in `Stage`.
      model: FaceModel.
      evaluate: prepared batch and the pictures that the model draws for its
        seeds to per-example sums.
      config: of the stage.
      ema_decay: float, of the moving average of the generator.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        model: FaceModel,
        evaluate: Callable,
        config: ml_collections.ConfigDict,
        ema_decay: float,
    ):
        losses = {"generator_loss": 1.0, "real_loss": 1.0, "fake_loss": 1.0}
        if config.r1_weight:
            losses["penalty"] = config.r1_weight
        super().__init__(name, seed, ratios, losses)
        self._model = model
        self._evaluate = evaluate
        self._config = config
        self._ema_decay = ema_decay

    def make_optimizers(self) -> None:
        """Creates and builds the optimizers, and compiles the stage."""
        config = self._config
        self.compile(
            optimizer=keras.optimizers.Adam(
                config.generator_learning_rate, config.beta_1
            )
        )
        self.discriminator_optimizer = self.scaling(
            keras.optimizers.Adam(
                config.discriminator_learning_rate, config.beta_1
            )
        )
        self.build_optimizers()

    def build_optimizers(self) -> None:
        """Builds the optimizers that are there."""
        model = self._model
        self.optimizer.build(model.generator.trainable_variables)
        self.discriminator_optimizer.build(
            model.discriminator.trainable_variables
        )

    def train_step(self, batch):
        real = pictures.to_unit(batch[features.PICTURES])
        noise = StepNoise(self.seed, self._batches, tf.shape(real)[0])
        for _ in range(self._config.discriminator_steps):
            losses = self._train_discriminator(real, noise)
        for _ in range(self._config.generator_steps):
            losses["generator_loss"] = self._train_generator(noise)
        moving_average.update(
            [self._model.average],
            [self._model.generator],
            moving_average.growing_decay(self._ema_decay, self._batches),
        )
        return self.update_losses(losses)

    def test_step(self, batch):
        real = pictures.to_unit(batch[features.PICTURES])
        fake = self._model.draw(features.draw_seeds(batch, 0))
        losses = self._discriminator_losses(real, fake)
        if self._config.r1_weight:
            losses["penalty"] = self._penalty(real)
        losses["generator_loss"] = self._generator_loss(fake)
        return {
            **self.update_losses(losses),
            **self.update_ratios(self._evaluate(batch, fake)),
        }

    @property
    def _batches(self) -> tf.Tensor:
        """Batches so far: the optimizer counts the generator's steps."""
        return self.optimizer.iterations // self._config.generator_steps

    def _train_discriminator(self, real, noise):
        model, optimizer = self._model, self.discriminator_optimizer
        for layer in model.discriminator.spectral_layers:
            layer.update()
        fake = model.generator(noise.latents(model.latent_size), training=True)
        real, fake = self._augmented(real, noise), self._augmented(fake, noise)
        variables = model.discriminator.trainable_variables
        with tf.GradientTape() as tape:
            losses = self._discriminator_losses(real, fake)
            if self._config.r1_weight:
                losses["penalty"] = self._lazy_penalty(real)
            scaled = optimizer.scale_loss(self.loss_share(losses))
        descent.apply(optimizer, tape, scaled, variables)
        return losses

    def _train_generator(self, noise):
        model = self._model
        latents = noise.latents(model.latent_size)
        variables = model.generator.trainable_variables
        with tf.GradientTape() as tape:
            fake = model.generator(latents, training=True)
            loss = self._generator_loss(self._augmented(fake, noise))
            scaled = self.optimizer.scale_loss(loss.share)
        descent.apply(self.optimizer, tape, scaled, variables)
        return loss

    def _discriminator_losses(self, real, fake):
        # One call for both: larger batches are cheaper.
        logits = self._model.discriminator(tf.concat([real, fake], axis=0))
        real_logits, fake_logits = tf.split(
            logits, [tf.shape(real)[0], tf.shape(fake)[0]]
        )
        real_losses, fake_losses = adversarial.discriminator_losses(
            real_logits, fake_logits, self._config.loss
        )
        return {
            "real_loss": replicas.weighted_mean(real_losses),
            "fake_loss": replicas.weighted_mean(fake_losses),
        }

    def _generator_loss(self, fake):
        return replicas.weighted_mean(
            adversarial.generator_losses(
                self._model.discriminator(fake), self._config.loss
            )
        )

    def _penalty(self, real):
        return replicas.weighted_mean(
            adversarial.gradient_penalties(self._model.discriminator, real)
        )

    def _lazy_penalty(self, real):
        """R1 for every n-th batch, n times as heavy (Karras et al. 2020)."""
        every = self._config.r1_every
        is_due = self._batches % every == 0
        penalties = tf.cond(
            is_due,
            lambda: (
                every
                * adversarial.gradient_penalties(
                    self._model.discriminator, real
                )
            ),
            lambda: tf.zeros([tf.shape(real)[0]]),
        )
        return replicas.weighted_mean(penalties)

    def _augmented(self, x, noise):
        return augment.augment(
            x, noise.augmentation(), self._config.augmentation
        )
