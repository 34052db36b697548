"""The two training stages of seed document 001."""

from collections.abc import Iterable

import keras
import ml_collections
import tensorflow as tf

from tfstory import pictures
from tfstory.losses.sequence import cross_entropy
from tfstory.systems import replicas
from tfstory.systems.stage import Stage
from tfstory.systems.story_reasoning import features


def adam(config: ml_collections.ConfigDict, steps: int):
    """Returns Adam with a cosine decay to a twentieth over the stage."""
    schedule = config.learning_rate
    if config.cosine_decay:
        schedule = keras.optimizers.schedules.CosineDecay(
            config.learning_rate, steps, alpha=0.05
        )
    return keras.optimizers.Adam(schedule)


def unique_variables(networks: Iterable[keras.Model]) -> list[keras.Variable]:
    """Returns the trainable variables; one that networks share, once."""
    variables = {}
    for network in networks:
        variables.update((id(v), v) for v in network.trainable_variables)
    return list(variables.values())


class _StoryStage(Stage):
    """What both stages share: losses summed by weight, and their means.

    Args:
      name: str.
      model: StoryModel.
      evaluate: prepared batch to per-example sums.
      losses: names of the parts of the loss.
    """

    def __init__(self, name, seed, ratios, model, evaluate, losses=()):
        super().__init__(name, seed, ratios)
        self._evaluate = evaluate
        self._story_model = model
        self._losses = {
            loss: keras.metrics.Mean(name=loss) for loss in ["loss", *losses]
        }

    def train_step(self, batch):
        variables = self.trained_variables()
        with tf.GradientTape() as tape:
            losses = self.compute_losses(batch, training=True)
            scaled = self.optimizer.scale_loss(losses["loss"])
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        return self._update_losses(losses)

    def test_step(self, batch):
        losses = self.compute_losses(batch, training=False)
        return {
            **self._update_losses(losses),
            **self.update_ratios(self._evaluate(batch)),
        }

    def _update_losses(self, losses):
        for name, metric in self._losses.items():
            metric.update_state(replicas.global_sum(losses[name]))
        return {name: m.result() for name, m in self._losses.items()}


class Autoencoder(_StoryStage):
    """Stage 1: every frame to its latent and back, L1 loss."""

    def trained_variables(self):
        model = self._story_model
        return unique_variables([model.encoder, model.decoder])

    def compute_losses(self, batch, training):
        frames = pictures.to_unit(batch["images"])
        flat = tf.reshape(frames, [-1, *frames.shape[2:]])
        latents = self._story_model.encoder(flat, training=training)
        decoded = self._story_model.decoder(latents, training=training)
        return {"loss": replicas.global_mean(tf.abs(decoded - flat))}


class Sequence(_StoryStage):
    """Stage 2: the fifth frame and its caption from the four before.

    Loss: caption cross-entropy + image L1 + latent mean squared error, each
    with its weight from the config.

    Args:
      name, seed, ratios, model, evaluate: as in `_StoryStage`.
      weights: `caption_loss`, `image_loss` and `latent_loss` to float.
      train_autoencoder: bool, train end to end as the seed does; False keeps
        the autoencoder of stage 1 as it is, and is faster.
    """

    def __init__(
        self, name, seed, ratios, model, evaluate, weights, train_autoencoder
    ):
        super().__init__(name, seed, ratios, model, evaluate, list(weights))
        self._weights = weights
        self._train_autoencoder = train_autoencoder

    def trained_variables(self):
        model = self._story_model
        frozen = (
            [] if self._train_autoencoder else [model.encoder, model.decoder]
        )
        return unique_variables(
            network
            for network in model.networks.values()
            if network not in frozen
        )

    def compute_losses(self, batch, training):
        model = self._story_model
        train_autoencoder = training and self._train_autoencoder
        frames = pictures.to_unit(batch["images"])
        tokens = batch[features.TOKENS]
        latents = model.encode(frames, training=train_autoencoder)
        context = model.read(frames[:, :-1], latents[:, :-1], tokens[:, :-1])
        logits = model.caption_logits(context, tokens[:, -1])
        caption_losses, caption_weights = cross_entropy(
            logits, tokens[:, -1, 1:]
        )
        predicted = model.next_frame(context, training=train_autoencoder)
        losses = {
            "caption_loss": replicas.global_mean(
                caption_losses, caption_weights
            ),
            "image_loss": replicas.global_mean(
                tf.abs(predicted - frames[:, -1])
            ),
            # The target stands still: were it to move, both would shrink.
            "latent_loss": replicas.global_mean(
                tf.square(context.latent - tf.stop_gradient(latents[:, -1]))
            ),
        }
        losses["loss"] = tf.add_n(
            [self._weights[name] * loss for name, loss in losses.items()]
        )
        return losses
