"""The adversarial stage (seed document 002, sections 1.1 and 3)."""

from collections.abc import Callable, Mapping

import keras
import ml_collections
import tensorflow as tf

from tfstory import augment, pictures
from tfstory.losses import adversarial
from tfstory.metrics.ratio import Ratio
from tfstory.systems import replicas
from tfstory.systems.face_gan import features
from tfstory.systems.face_gan.model import FaceModel
from tfstory.systems.stage import Stage

# Streams of noise: what is drawn, and then which step of which player.
_LATENTS, _AUGMENTATION = 0, 1
_DISCRIMINATOR, _GENERATOR = 0, 1
_DRAWS = 2
_PLAYERS = 2


class Adversarial(Stage):
    """Both players' steps for one batch of real pictures.

    The discriminator's k steps (Goodfellow et al. 2014, algorithm 1) meet the
    same real pictures with new noise and augmentation each; then come the
    generator's. Keras keeps the generator's optimizer as the stage's own.

    Args:
      name, seed, ratios: as in `Stage`.
      model: FaceModel.
      evaluate: prepared batch to per-example sums.
      config: of the stage.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        model: FaceModel,
        evaluate: Callable,
        config: ml_collections.ConfigDict,
    ):
        losses = {"generator_loss": 1.0, "real_loss": 1.0, "fake_loss": 1.0}
        if config.r1_weight:
            losses["penalty"] = config.r1_weight
        super().__init__(name, seed, ratios, losses)
        self._model = model
        self._evaluate = evaluate
        self._config = config

    def make_optimizers(self) -> None:
        """Creates and builds the optimizers, and compiles the stage."""
        config = self._config
        self.compile(
            optimizer=keras.optimizers.Adam(config.learning_rate, config.beta_1)
        )
        self.discriminator_optimizer = self.scaling(
            keras.optimizers.Adam(
                config.discriminator_learning_rate, config.beta_1
            )
        )
        # A step of size 1 - d down the gradient of (mean - weight)^2 / 2.
        self._averaging = keras.optimizers.SGD(_Approach(config.average_decay))
        self.build_optimizers()

    def build_optimizers(self) -> None:
        """Builds the optimizers that are there."""
        model = self._model
        self.optimizer.build(model.generator.trainable_variables)
        self.discriminator_optimizer.build(
            model.discriminator.trainable_variables
        )
        self._averaging.build(model.average.weights)

    def train_step(self, batch):
        real = pictures.to_unit(batch[features.PICTURES])
        for layer in self._model.discriminator.spectral_layers:
            layer.update()
        for step in range(self._config.discriminator_steps):
            losses = self._train_discriminator(real, step)
        for step in range(self._config.generator_steps):
            losses["generator_loss"] = self._train_generator(real, step)
        self._update_average()
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
            **self.update_ratios(self._evaluate(batch)),
        }

    def noise(self, real: tf.Tensor, stream: int) -> tf.Tensor:
        """Returns this step's latents, `[batch, latent_size]`."""
        shape = [tf.shape(real)[0], self._model.latent_size]
        return tf.random.stateless_normal(shape, self.noise_seed(stream))

    def draws(self, real: tf.Tensor, stream: int) -> tf.Tensor:
        """Returns this step's draws for `augment`, `[batch, DRAWS]`."""
        shape = [tf.shape(real)[0], augment.DRAWS]
        return tf.random.stateless_uniform(shape, self.noise_seed(stream))

    def _train_discriminator(self, real, step):
        model, optimizer = self._model, self.discriminator_optimizer
        noise = self.noise(real, _stream(_LATENTS, _DISCRIMINATOR, step))
        fake = model.generator(noise, training=True)
        draws = [
            self.draws(real, _stream(_AUGMENTATION, _DISCRIMINATOR, step) + n)
            for n in range(2)
        ]
        real, fake = (
            self._augmented(x, d)
            for x, d in zip((real, fake), draws, strict=True)
        )
        variables = model.discriminator.trainable_variables
        with tf.GradientTape() as tape:
            losses = self._discriminator_losses(real, fake)
            if self._config.r1_weight:
                losses["penalty"] = self._lazy_penalty(real)
            share = tf.add_n(
                [
                    self._part_weights[name] * loss.share
                    for name, loss in losses.items()
                ]
            )
            scaled = optimizer.scale_loss(share)
        optimizer.apply(tape.gradient(scaled, variables), variables)
        return losses

    def _train_generator(self, real, step):
        model = self._model
        noise = self.noise(real, _stream(_LATENTS, _GENERATOR, step))
        draws = self.draws(real, _stream(_AUGMENTATION, _GENERATOR, step))
        variables = model.generator.trainable_variables
        with tf.GradientTape() as tape:
            fake = model.generator(noise, training=True)
            loss = self._generator_loss(self._augmented(fake, draws))
            scaled = self.optimizer.scale_loss(loss.share)
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
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
        """R1 in every n-th step, n times as heavy (Karras et al. 2020)."""
        every = self._config.r1_every
        is_due = self.optimizer.iterations % every == 0
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

    def _augmented(self, x, draws):
        return augment.augment(x, draws, self._config.augmentation)

    def _update_average(self):
        model = self._model
        context = tf.distribute.get_replica_context()
        # Keras optimizers add up what the replicas, all equal, give.
        share = 1.0 / context.num_replicas_in_sync
        gradients = [
            share * (mean - weight)
            for mean, weight in zip(
                model.average.weights, model.generator.weights, strict=True
            )
        ]
        self._averaging.apply(gradients, model.average.weights)


class _Approach(keras.optimizers.schedules.LearningRateSchedule):
    """1 - d of a moving average whose decay d grows from 0.1 to `decay`.

    So the first weights, which are noise, are soon forgotten.
    """

    def __init__(self, decay: float):
        self._decay = decay

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        return 1.0 - keras.ops.minimum(
            self._decay, (1.0 + step) / (10.0 + step)
        )


def _stream(what: int, player: int, step: int) -> int:
    """Numbers each draw of a training step; a player may have two."""
    return ((step * _PLAYERS + player) * _DRAWS + what) * 2
