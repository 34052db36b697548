"""The matcher's only stage: find each picture's text, each text's picture."""

import functools
from collections.abc import Mapping
from typing import Any

import tensorflow as tf

from tfstory import stories
from tfstory.losses.contrastive import symmetric_info_nce
from tfstory.systems import features, replicas
from tfstory.systems.story_matcher.alike import pairs_alike, shown_alike
from tfstory.systems.story_matcher.model import Matcher
from tfstory.systems.supervised import Supervised


class Matching(Supervised):
    """Learns to put pictures near the text that leads up to them.

    Args:
      matcher: Matcher.
      **arguments: of `Supervised`, but for the variables and the loss.
    """

    def __init__(self, matcher: Matcher, **arguments: Any):
        super().__init__(
            variables=matcher.trainable_variables,
            loss_name="info_nce",
            loss=functools.partial(info_nce, matcher),
            **arguments,
        )
        self._temperature = matcher.temperature

    def train_step(self, batch):
        losses = super().train_step(batch)
        self._temperature.keep_in_bounds()
        return losses


def info_nce(
    matcher: Matcher, batch: Mapping[str, tf.Tensor], training: bool
) -> replicas.GlobalMean:
    """Returns the mean over frames of the symmetric InfoNCE, in nats.

    A frame's negatives are all other frames of the global batch, of other
    stories and of its own, but for those that are alike.

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
    here = tf.shape(shown)[0]
    first, _ = replicas.shard(here)
    logits = matcher.temperature(
        tf.matmul(
            replicas.gather(shown), replicas.gather(told), transpose_b=True
        )
    )
    # Not the pictures go round, but which of a story are the same.
    still = replicas.gather(tf.cast(shown_alike(images), tf.float32)) > 0
    losses = symmetric_info_nce(
        logits, pairs_alike(replicas.all_rows(tokens)[0], still)
    )
    # The other replicas count theirs.
    return replicas.weighted_mean(losses[first : first + here])
