"""Frechet distance of generated to real pictures, over a whole split."""

import collections
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.metrics import frechet
from tfstory.metrics.against_real import MODEL, REAL, against_real
from tfstory.metrics.picture_features import Inception, RandomConvolutions
from tfstory.systems.story_gan.evaluation import trivial_stories
from tfstory.systems.story_gan.statistics import Statistics

# The few stories that serve as random ones are no set to measure.
_BASELINES = ("mean_picture", "copy_previous")


def feature_kinds(
    image_size: int, inception_weights: str
) -> list[RandomConvolutions | Inception]:
    """Returns the features to measure in.

    Args:
      image_size: int, pixels.
      inception_weights: str, see `Inception`; "" leaves it out.

    Raises:
      UserError: the weights of Inception are not there.
    """
    kinds = [RandomConvolutions(image_size)]
    if inception_weights:
        kinds.append(Inception(inception_weights))
    return kinds


def frechet_distances(
    batches: Iterable[Mapping[str, tf.Tensor]],
    prepare: Callable[[Mapping[str, tf.Tensor]], Mapping[str, tf.Tensor]],
    generate: Callable[[Mapping[str, tf.Tensor]], tf.Tensor],
    statistics: Statistics,
    kinds: Sequence[RandomConvolutions | Inception],
) -> dict[str, float]:
    """Measures all frames of generated stories against all real ones.

    Args:
      batches: raw batches of held-out stories.
      prepare: raw batch to prepared batch.
      generate: prepared batch to float32 `[batch, frames, h, w, 3]`.
      statistics: Statistics of the training stories.
      kinds: of `feature_kinds`.

    Returns:
      For each kind `frechet_<kind>`, and `frechet_<kind>_mean_picture` and
      `frechet_<kind>_copy_previous`. Copies of the frames before are real
      pictures nearly all, which this distance cannot hold against them. A
      model is measured on pictures of the very stories that it is compared
      with, and may come nearer than other real stories would. Nothing for
      fewer than two pictures.
    """
    seen = {kind.NAME: collections.defaultdict(list) for kind in kinds}
    for raw in batches:
        batch = prepare(raw)
        real = pictures.to_unit(batch[stories.IMAGES])
        sets = {
            REAL: real,
            MODEL: generate(batch),
            **{
                name: shown
                for name, shown in trivial_stories(batch, statistics).items()
                if name in _BASELINES
            },
        }
        for kind in kinds:
            for name, shown in sets.items():
                flat = tf.reshape(shown, [-1, *shown.shape[2:]])
                seen[kind.NAME][name].append(kind(flat).numpy())
    result = {}
    for kind, features in seen.items():
        joined = {name: np.concatenate(x) for name, x in features.items()}
        if len(joined.get(REAL, ())) < 2:
            return {}
        moments = {name: frechet.moments(x) for name, x in joined.items()}
        result |= against_real(f"frechet_{kind}", moments, frechet.distance)
    return result
