"""The two stages of seed document 002, section 2: D alone, then both."""

import keras
import ml_collections
import tensorflow as tf

from tfstory import examples
from tfstory.losses import adversarial
from tfstory.systems import descent, moving_average, replicas
from tfstory.systems.gaussian_gan import evaluation
from tfstory.systems.gaussian_gan.model import GaussianModel
from tfstory.systems.stage import Stage

# Streams of noise within an iteration: the discriminator's steps, from here
# on the generator's, and that of pre-training.
_GENERATOR_STREAMS = 1_000
_PRETRAINING_STREAM = 2_000


def optimizer(
    config: ml_collections.ConfigDict, steps: int
) -> keras.optimizers.Optimizer:
    """Returns a stage's optimizer, SGD with momentum or Adam.

    Args:
      config: of the stage.
      steps: that it takes in the whole stage.
    """
    rate = config.learning_rate
    if config.cosine_decay:
        rate = keras.optimizers.schedules.CosineDecay(rate, max(1, steps))
    if config.optimizer == "adam":
        return keras.optimizers.Adam(rate, beta_1=config.momentum, beta_2=0.99)
    return keras.optimizers.SGD(rate, momentum=config.momentum)


class _AdversarialStage(Stage):
    """What both stages share: the discriminator's step.

    z is drawn for the whole global batch, of which a replica takes the part
    that its examples have there; with minibatch discrimination every number
    is judged beside all of the global batch that are as real as it is. So
    replicas do what one device does.

    Args:
      name, seed, losses: as in `Stage`.
      model: GaussianModel.
      config: of the adversarial stage: `loss` and `r1_weight`.
    """

    def __init__(self, name, seed, losses, model: GaussianModel, config):
        if config.r1_weight:
            losses = {**losses, "penalty": config.r1_weight}
        super().__init__(name, seed, evaluation.RATIOS, losses)
        self._model = model
        self._form = config.loss
        self._penalty = config.r1_weight

    def batch_z(self, shard, stream):
        """Returns this replica's part of a global batch of z, float32 [n]."""
        seed = replicas.step_seed(self.seed, stream, self.optimizer.iterations)
        return self._model.random_z(shard.total, seed)[shard.first :]

    def discriminator_losses(
        self, real, fake
    ) -> dict[str, replicas.GlobalMean]:
        """Returns the parts of what the discriminator minimises.

        Args:
          real: float32 `[n]`, data.
          fake: float32 `[n]`, generated; takes no gradient.

        Returns:
          `discriminator_loss`, the mean over real and generated pairs:
          log(1/2) * -2 where the discriminator cannot tell them apart; and
          `penalty`, R1, where it has a weight.
        """
        fake = tf.stop_gradient(fake)
        real_losses, fake_losses = adversarial.discriminator_losses(
            self._judge(real), self._judge(fake), self._form
        )
        losses = {"discriminator_loss": real_losses + fake_losses}
        if self._penalty:
            # Of each number's own logit, not of those that it is beside.
            others, first = _beside(tf.stop_gradient(real))
            losses["penalty"] = adversarial.gradient_penalties(
                lambda values: self._model.discriminator(values, others, first),
                real,
            )
        return {
            name: replicas.weighted_mean(values)
            for name, values in losses.items()
        }

    def generator_loss(self, fake) -> replicas.GlobalMean:
        """Returns what the generator minimises, of float32 `[n]`."""
        losses = adversarial.generator_losses(self._judge(fake), self._form)
        return replicas.weighted_mean(losses)

    def train_discriminator(
        self, real, z, optimizer
    ) -> dict[str, replicas.GlobalMean]:
        """Takes one step of the discriminator; returns its losses."""
        variables = self._model.discriminator.trainable_variables
        with tf.GradientTape() as tape:
            losses = self.discriminator_losses(real, self._model.generator(z))
            scaled = optimizer.scale_loss(self.loss_share(losses))
        descent.apply(optimizer, tape, scaled, variables)
        return losses

    def losses_of(self, values) -> dict[str, replicas.GlobalMean]:
        """Returns the losses on a batch of data and as many even z."""
        shard = replicas.shard(tf.shape(values)[0])
        z = self._model.even_z(shard.total)[shard.first :]
        fake = self._model.generator(z[: tf.shape(values)[0]])
        return {
            **self.discriminator_losses(values, fake),
            "generator_loss": self.generator_loss(fake),
        }

    def test_step(self, batch):
        return {
            **self.update_losses(self.losses_of(batch[examples.VALUE])),
            **self.update_ratios(evaluation.sums(batch, self._model)),
        }

    def _judge(self, values):
        discriminator = self._model.discriminator
        if not discriminator.looks_beside:
            return discriminator(values)
        return discriminator(values, *_beside(values))


class Pretraining(_AdversarialStage):
    """The discriminator against the generator as it is (section 2.3).

    Args:
      seed: the run's.
      model: GaussianModel.
      config: of the adversarial stage.
    """

    def __init__(self, seed, model, config):
        super().__init__(
            "pretraining", seed, {"discriminator_loss": 1.0}, model, config
        )

    def train_step(self, batch):
        real = batch[examples.VALUE]
        count = tf.shape(real)[0]
        z = self.batch_z(replicas.shard(count), _PRETRAINING_STREAM)[:count]
        return self.update_losses(
            self.train_discriminator(real, z, self.optimizer)
        )


class Adversarial(_AdversarialStage):
    """Both networks in turn (Goodfellow et al. 2014, algorithm 1).

    An iteration takes so many steps of the discriminator, each on a part of
    the batch, and then so many of the generator. `optimizer` is the
    generator's.

    Args:
      seed: the run's.
      model: GaussianModel.
      config: of the stage.
      ema_decay: float, of the moving average of the generator.
      steps: int, iterations of the whole stage.
    """

    def __init__(self, seed, model, config, ema_decay, steps):
        super().__init__(
            "adversarial",
            seed,
            # Their sum is of no use: each player minimises its own.
            {"discriminator_loss": 1.0, "generator_loss": 1.0},
            model,
            config,
        )
        self._steps = config.discriminator_steps, config.generator_steps
        self._ema_decay = ema_decay
        self.discriminator_optimizer = self.scaling(
            optimizer(config, steps * config.discriminator_steps)
        )
        self.discriminator_optimizer.build(
            model.discriminator.trainable_variables
        )

    def train_step(self, batch):
        real = batch[examples.VALUE]
        shard = replicas.shard(tf.shape(real)[0])
        discriminator_steps, generator_steps = self._steps
        # By place in the global batch, so that parts are the same on any
        # number of replicas.
        part = (shard.first + tf.range(tf.shape(real)[0])) % discriminator_steps
        for step in range(discriminator_steps):
            here = tf.where(part == step)[:, 0]
            losses = self.train_discriminator(
                tf.gather(real, here),
                tf.gather(self.batch_z(shard, step), here),
                self.discriminator_optimizer,
            )
        here = tf.where(part == 0)[:, 0]
        seed_streams = range(
            _GENERATOR_STREAMS, _GENERATOR_STREAMS + generator_steps
        )
        # Drawn first: the optimizer's step, which counts, changes the seed.
        for z in [
            tf.gather(self.batch_z(shard, stream), here)
            for stream in seed_streams
        ]:
            losses["generator_loss"] = self._train_generator(z)
        if self._model.average:
            moving_average.update(
                [self._model.average],
                [self._model.generator],
                self._ema_decay,
            )
        return self.update_losses(losses)

    def _train_generator(self, z) -> replicas.GlobalMean:
        variables = self._model.generator.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.generator_loss(self._model.generator(z))
            scaled = self.optimizer.scale_loss(loss.share)
        descent.apply(self.optimizer, tape, scaled, variables)
        return loss


def _beside(values: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the whole global batch, and where the values begin in it."""
    first, _ = replicas.shard(tf.shape(values)[0])
    return replicas.gather(values), first
