"""The matcher's only stage: find each picture's text, each text's picture."""

from collections.abc import Callable, Mapping

import tensorflow as tf

from tfstory import stories
from tfstory.losses.contrastive import symmetric_info_nce
from tfstory.metrics.ratio import Ratio
from tfstory.systems import features, replicas
from tfstory.systems.stage import Stage
from tfstory.systems.story_matcher.alike import pairs_alike
from tfstory.systems.story_matcher.model import Matcher


class Matching(Stage):
    """Learns to put pictures near the text that leads up to them.

    Args:
      name, seed, ratios: as in `Stage`.
      matcher: Matcher.
      evaluate: prepared batch to per-example sums.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        ratios: Mapping[str, Ratio],
        matcher: Matcher,
        evaluate: Callable,
    ):
        super().__init__(name, seed, ratios, {"info_nce": 1.0})
        self._matcher = matcher
        self._evaluate = evaluate

    def train_step(self, batch):
        variables = self._matcher.trainable_variables
        with tf.GradientTape() as tape:
            parts = self._parts(batch, training=True)
            scaled = self.optimizer.scale_loss(self.loss_share(parts))
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        self._matcher.temperature.keep_in_bounds()
        return self.update_losses(parts)

    def test_step(self, batch):
        return {
            **self.update_losses(self._parts(batch, training=False)),
            **self.update_ratios(self._evaluate(batch)),
        }

    def _parts(self, batch, training):
        return {"info_nce": info_nce(self._matcher, batch, training)}


def info_nce(
    matcher: Matcher, batch: Mapping[str, tf.Tensor], training: bool
) -> replicas.GlobalMean:
    """Returns the mean over frames of the symmetric InfoNCE, in nats.

    A frame's negatives are all other frames of the batch, of other stories
    and of its own, but for those that are alike. With several replicas they
    are those of its own replica: more replicas at the same batch size make an
    easier task.

    Args:
      matcher: Matcher.
      batch: prepared batch.
      training: bool.
    """
    images, tokens = batch[stories.IMAGES], batch[features.TOKENS]
    shown, told = (
        tf.reshape(vectors, [-1, vectors.shape[-1]])
        for vectors in (
            matcher.pictures(images, training),
            matcher.texts(tokens),
        )
    )
    logits = matcher.temperature(tf.matmul(shown, told, transpose_b=True))
    return replicas.weighted_mean(
        symmetric_info_nce(logits, pairs_alike(tokens, images))
    )
