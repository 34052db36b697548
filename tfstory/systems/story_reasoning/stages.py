"""The two training stages of seed document 001."""

import keras
import ml_collections
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.losses.sequence import cross_entropy
from tfstory.systems import descent, features, replicas
from tfstory.systems import weights as weights_lib
from tfstory.systems.stage import Stage
from tfstory.systems.story_reasoning import choosing
from tfstory.systems.story_reasoning.model import Drawing

_CHOICE_SCALE = 0.05  # `choosing.negative_log_likelihood`.
# The part of all weight that changing blocks and the others have half each.
_CHANGE_PART = 1 / 3
# Parts of the loss that a model without a refiner has not.
_REFINER_LOSSES = ("paint_loss", "choice_loss")


def adam(config: ml_collections.ConfigDict, steps: int) -> keras.Optimizer:
    """Returns Adam, with a warm-up and a cosine decay where asked.

    Args:
      config: of the stage: `learning_rate`; `cosine_decay`, whether to warm
        up over a twentieth of the stage and decay to a twentieth of the rate.
      steps: int, steps of the stage.
    """
    rate = config.learning_rate
    if config.cosine_decay:
        warm_up = steps // 20
        rate = keras.optimizers.schedules.CosineDecay(
            rate / 20,
            max(1, steps - warm_up),
            alpha=0.05,
            warmup_target=rate,
            warmup_steps=warm_up,
        )
    return keras.optimizers.Adam(rate)


class _StoryStage(Stage):
    """What both stages share: one optimizer, and a loss of weighted parts.

    Args:
      name, seed, ratios, losses: as in `Stage`.
      model: StoryModel.
      evaluate: prepared batch to per-example sums.
      clip_norm: float, the largest norm of a step's gradient; 0.0 for any.
    """

    def __init__(
        self, name, seed, ratios, model, evaluate, losses, clip_norm=0.0
    ):
        super().__init__(name, seed, ratios, losses)
        self._clip_norm = clip_norm
        self._evaluate = evaluate
        self._story_model = model

    def train_step(self, batch):
        variables = self.trained_variables()
        with tf.GradientTape() as tape:
            losses = self.compute_losses(batch, training=True)
            scaled = self.optimizer.scale_loss(self.loss_share(losses))
        descent.apply(self.optimizer, tape, scaled, variables, self._clip_norm)
        return self.update_losses(losses)

    def test_step(self, batch):
        losses = self.compute_losses(batch, training=False)
        return {
            **self.update_losses(losses),
            **self.update_ratios(self._evaluate(batch)),
        }


def change(last: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    """Weighs pixels that change as much, in all, as those that stay.

    Few pixels change from frame to frame; without this, copying the last
    frame is an optimum that training does not leave.

    Args:
      last: float `[batch, height, width, 3]`.
      target: float, the same shape.

    Returns:
      float32 `[batch, height, width, 1]`; over the global batch the changed
      pixels and the others have equal sums, where there are both: as many as
      there are pixels, so that the mean is 2.
    """
    moved = tf.reduce_max(tf.abs(target - last), axis=-1, keepdims=True)
    moved = tf.cast(moved > 0.02, tf.float32)
    share = replicas.global_mean(moved)
    share = tf.clip_by_value(replicas.global_sum(share), 1e-3, 1 - 1e-3)
    return moved / share + (1.0 - moved) / (1.0 - share)


class Autoencoder(_StoryStage):
    """Stage 1: every frame to its latent and back, L1 loss."""

    def __init__(self, name, seed, ratios, model, evaluate):
        super().__init__(name, seed, ratios, model, evaluate, {"loss": 1.0})

    def trained_variables(self):
        model = self._story_model
        return weights_lib.trainable([model.encoder, model.decoder])

    def compute_losses(self, batch, training):
        frames = pictures.to_unit(batch[stories.IMAGES])
        flat = tf.reshape(frames, [-1, *frames.shape[2:]])
        latents = self._story_model.encoder(flat, training=training)
        decoded = self._story_model.decoder(latents, training=training)
        return {"loss": replicas.weighted_mean(tf.abs(decoded - flat))}


class Sequence(_StoryStage):
    """Stage 2: the fifth frame and its caption from the four before.

    Loss: caption cross-entropy + image L1 + latent mean squared error, each
    with its weight from the config; with the residual frame also the L1 of
    what is painted, with changing pixels weighed up (`change`), and how
    unlikely its choices make the frame (`choosing`).

    Losses are teacher-forced, those on validation stories too: a caption is
    told word by word after its true ones, and where the picture follows the
    caption it is drawn after the true one. What the model does in use is in
    the metrics.

    Args:
      name, seed, ratios, model, evaluate, clip_norm: as in `_StoryStage`.
      weights: `caption_loss`, `image_loss`, `latent_loss`, `paint_loss` and
        `choice_loss` to float.
      train_autoencoder: bool, train end to end as the seed does; False keeps
        the autoencoder of stage 1 as it is, and is faster.
      captions: int, how many of a story's captions to learn from, the last
        ones. 1 learns the fifth frame's alone, the seed's form. More teach
        more in a step: the caption of a frame of the context is told from
        the frames before it.
    """

    def __init__(
        self,
        name,
        seed,
        ratios,
        model,
        evaluate,
        weights,
        train_autoencoder,
        captions,
        clip_norm,
    ):
        if model.refiner is None:
            weights = {
                part: weight
                for part, weight in weights.items()
                if part not in _REFINER_LOSSES
            }
        super().__init__(
            name, seed, ratios, model, evaluate, weights, clip_norm
        )
        self._train_autoencoder = train_autoencoder
        self._captions = captions

    def trained_variables(self):
        model = self._story_model
        frozen = (
            [] if self._train_autoencoder else [model.encoder, model.decoder]
        )
        return weights_lib.trainable(
            network
            for network in model.networks.values()
            if network not in frozen
        )

    def compute_losses(self, batch, training):
        model = self._story_model
        train_autoencoder = training and self._train_autoencoder
        frames = pictures.to_unit(batch[stories.IMAGES])
        tokens = batch[features.TOKENS]
        # The picture is learnt by the true caption, as a caption is by its
        # true words. In use it follows the caption that was written.
        captions = tokens if model.follows_caption else tokens[:, :-1]
        # Apart from the target: its pixels must not reach the context through
        # the statistics of batch normalisation.
        context = model.read(
            frames[:, :-1], captions, training=train_autoencoder
        )
        # Validation asks for what the model is there for.
        told = tokens[:, -self._captions if training else -1 :]
        logits = model.caption_logits(context, told)
        drawing = model.next_frame(
            context, training=training, train_decoder=train_autoencoder
        )
        target = frames[:, -1]
        # Trained end to end, the target moves too: pulled towards what is
        # predicted, it keeps the latents from growing without bound, which
        # batch normalisation behind them would not mind.
        latent = model.encoder(target, training=False)
        mean = replicas.weighted_mean
        losses = {
            "caption_loss": mean(*cross_entropy(logits, told[..., 1:])),
            "image_loss": mean(tf.abs(drawing.frame - target)),
            "latent_loss": mean(tf.square(drawing.latent - latent)),
        }
        if model.refiner is not None:
            losses |= _refiner_losses(drawing, frames)
        return losses


def _refiner_losses(
    drawing: Drawing, frames: tf.Tensor
) -> dict[str, replicas.GlobalMean]:
    """Returns the losses of what is painted and of what is chosen."""
    context, target = frames[:, :-1], frames[:, -1]
    changes = change(context[:, -1], target)
    unlikeliness = choosing.negative_log_likelihood(
        drawing.choices, context, drawing.painted, target, _CHOICE_SCALE
    )
    block_changes = choosing.block_means(changes)[..., 0]
    return {
        "paint_loss": replicas.weighted_mean(
            tf.abs(drawing.painted - target),
            tf.broadcast_to(changes, tf.shape(target)),
        ),
        "choice_loss": replicas.weighted_mean(
            unlikeliness, 1.0 - _CHANGE_PART + _CHANGE_PART * block_changes / 2
        ),
    }
