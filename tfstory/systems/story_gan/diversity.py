"""Do different seeds give different stories, or has the generator collapsed?"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories

SEEDS = 16
# Stories to draw with every seed; distances need no more.
_STORIES = 32


def diversity_metrics(
    batches: Iterable[Mapping[str, tf.Tensor]],
    prepare: Callable[[Mapping[str, tf.Tensor]], Mapping[str, tf.Tensor]],
    generate: Callable[[Mapping[str, tf.Tensor], tf.Tensor], tf.Tensor],
) -> dict[str, float]:
    """Compares the distances between seeds with those between real stories.

    The distance of two stories is the root of the mean squared difference of
    their pixels.

    Args:
      batches: raw batches; the first stories of them are taken.
      prepare: raw batch to prepared batch.
      generate: prepared batch and seeds, int64 `[batch]`, to float32
        `[batch, frames, height, width, 3]`.

    Returns:
      `diversity`: the mean distance of the stories that 16 seeds make of the
      same sentences, as a share of that between real stories: 0 is collapse,
      and 1 would be seeds that decide all and sentences that decide nothing.
      `distance_of_seeds`, `distance_of_real_stories`: the two distances.
      Nothing for fewer than two stories.
    """
    batch = _first(batches)
    count = len(batch[stories.IMAGES]) if batch else 0
    if count < 2:
        return {}
    prepared = prepare(batch)
    drawn = tf.function(lambda seed: generate(prepared, tf.fill([count], seed)))
    generated = np.stack(
        [drawn(tf.constant(s, tf.int64)).numpy() for s in range(SEEDS)]
    )
    of_seeds = np.mean(
        [mean_distance(generated[:, story]) for story in range(count)]
    )
    real = pictures.to_unit(prepared[stories.IMAGES]).numpy()
    of_real = mean_distance(real)
    return {
        "diversity": float(of_seeds / of_real) if of_real else 0.0,
        "distance_of_seeds": float(of_seeds),
        "distance_of_real_stories": of_real,
    }


def mean_distance(values: np.ndarray) -> float:
    """Returns the mean distance between all pairs of rows.

    Args:
      values: float `[n, ...]` with two rows or more.
    """
    distances = [
        np.sqrt(np.mean(np.square(values[first] - values[second])))
        for second in range(len(values))
        for first in range(second)
    ]
    return float(np.mean(distances))


def _first(batches):
    """Returns the first `_STORIES` raw examples as one batch."""
    parts, count = [], 0
    for batch in batches:
        parts.append(batch)
        count += int(next(iter(batch.values())).shape[0])
        if count >= _STORIES:
            break
    return {
        name: tf.concat([part[name] for part in parts], axis=0)[:_STORIES]
        for name in (parts[0] if parts else ())
    }
