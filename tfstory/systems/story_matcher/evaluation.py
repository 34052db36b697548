"""The matcher's metrics as per-example sums.

Each picture's text is looked for among the same texts of training stories,
not among those of its batch: so an example's sums depend on no other, and
are the same at any size of batch and on any number of replicas.
"""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import stories
from tfstory.metrics.ratio import Ratio
from tfstory.metrics.retrieval import r_precision
from tfstory.systems import features
from tfstory.systems.story_matcher.alike import told_alike
from tfstory.systems.story_matcher.model import Matcher
from tfstory.systems.story_matcher.statistics import Statistics

RATIOS: Mapping[str, Ratio] = {
    "r_precision": Ratio(
        "found",
        "pictures",
        higher_is_better=True,
        about="pictures to which the text told so far is nearer than 99 texts "
        "of training stories at the same frame",
    ),
    "r_precision_chance": Ratio(
        "found_by_chance",
        "pictures",
        higher_is_better=True,
        baseline_of="r_precision",
    ),
}


def sums(
    batch: Mapping[str, tf.Tensor], matcher: Matcher, statistics: Statistics
) -> dict[str, tf.Tensor]:
    """Returns the sums of `RATIOS`, float32 `[batch]` each.

    Args:
      batch: prepared batch.
      matcher: Matcher.
      statistics: Statistics.
    """
    tokens, others = batch[features.TOKENS], statistics.tokens
    shown = matcher.pictures(batch[stories.IMAGES])
    right = tf.reduce_sum(shown * matcher.texts(tokens), axis=-1)
    # [batch, frames, distractors]
    wrong = tf.einsum("bfs,nfs->bfn", shown, matcher.texts(others))
    counts = statistics.known & ~tf.transpose(
        told_alike(tokens, others), [0, 2, 1]
    )
    found = r_precision(right, wrong, counts)
    candidates = 1.0 + tf.reduce_sum(tf.cast(counts, tf.float32), axis=-1)
    return {
        "found": tf.reduce_sum(found, axis=1),
        "found_by_chance": tf.reduce_sum(1.0 / candidates, axis=1),
        "pictures": tf.reduce_sum(tf.ones_like(found), axis=1),
    }
