"""StoryGAN's metrics as per-example sums."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.losses.divergence import kl_to_standard_normal
from tfstory.metrics.pictures import absolute_error, value_count
from tfstory.metrics.ratio import Ratio
from tfstory.metrics.ssim import ssim
from tfstory.systems import features
from tfstory.systems.story_gan.model import Generator
from tfstory.systems.story_gan.noise import Noise
from tfstory.systems.story_gan.statistics import Statistics

# Baselines of SSIM and L1: the mean picture of the training stories; the true
# frame before (for the first frame, which has none, the mean picture), which
# a generator does not see; a real training story, whatever it tells.
_BASELINES = ("mean_picture", "copy_previous", "random_story")

RATIOS: Mapping[str, Ratio] = {
    "ssim": Ratio(
        "ssim",
        "pictures",
        higher_is_better=True,
        about="structural similarity of each picture to the true one",
    ),
    **{
        f"ssim_{name}": Ratio(
            f"{name}_ssim",
            "pictures",
            higher_is_better=True,
            baseline_of="ssim",
        )
        for name in _BASELINES
    },
    "l1": Ratio(
        "absolute_error",
        "pixels",
        about="mean absolute error of each picture, of 1",
    ),
    **{
        f"l1_{name}": Ratio(
            f"{name}_absolute_error", "pixels", baseline_of="l1"
        )
        for name in _BASELINES
    },
    "consistency": Ratio(
        "consistency",
        "steps",
        higher_is_better=True,
        about="structural similarity of each generated picture to the one "
        "before it; should come near to consistency_real",
    ),
    "consistency_real": Ratio(
        "real_consistency",
        "steps",
        higher_is_better=True,
        about="the same of the real stories",
    ),
    "kl": Ratio(
        "kl",
        "stories",
        about="divergence of a story's first context from the prior, in nats",
    ),
}


def sums(
    batch: Mapping[str, tf.Tensor],
    generator: Generator,
    noise: Noise,
    statistics: Statistics,
) -> dict[str, tf.Tensor]:
    """Returns the sums of `RATIOS`, float32 `[batch]` each.

    Args:
      batch: prepared batch.
      generator: Generator.
      noise: Noise of `story_seeds`.
      statistics: Statistics.
    """
    real = pictures.to_unit(batch[stories.IMAGES])
    reading = generator.read_batch(batch, noise)
    generated = generator.paint(reading.scenes)
    count = tf.shape(real)[0]
    frames = real.shape[1]
    result = {
        "ssim": _ssim(generated, real),
        "absolute_error": absolute_error(generated, real),
        "pictures": tf.fill([count], float(frames)),
        "pixels": value_count(real),
        "consistency": _ssim(generated[:, 1:], generated[:, :-1]),
        "real_consistency": _ssim(real[:, 1:], real[:, :-1]),
        "steps": tf.fill([count], float(frames - 1)),
        "kl": kl_to_standard_normal(reading.mean, reading.log_variance),
        "stories": tf.ones([count]),
    }
    for name, predicted in trivial_stories(batch, statistics).items():
        result[f"{name}_ssim"] = _ssim(predicted, real)
        result[f"{name}_absolute_error"] = absolute_error(predicted, real)
    return result


def trivial_stories(
    batch: Mapping[str, tf.Tensor], statistics: Statistics
) -> dict[str, tf.Tensor]:
    """Returns what the baselines show in place of a batch's stories.

    Args:
      batch: prepared batch.
      statistics: Statistics.

    Returns:
      Name of the baseline to float32 `[batch, frames, height, width, 3]`.
    """
    real = pictures.to_unit(batch[stories.IMAGES])
    mean = tf.convert_to_tensor(statistics.mean_picture)[None, None]
    mean = tf.broadcast_to(mean, tf.shape(real))
    seeds = story_seeds(batch[features.TOKENS])
    return {
        "mean_picture": mean,
        "copy_previous": tf.concat([mean[:, :1], real[:, :-1]], axis=1),
        "random_story": statistics.random_stories(seeds),
    }


def story_seeds(tokens: tf.Tensor) -> tf.Tensor:
    """Returns a seed for each story, made from its words.

    So a story is drawn with the same noise whatever batch it comes in, and
    different stories with different noise.

    Args:
      tokens: int32 `[batch, frames, length]`.

    Returns:
      int64 `[batch]`, not negative.
    """
    count = tokens.shape[1] * tokens.shape[2]
    # A hash of sums, which XLA can compile: the same on every machine.
    factors = np.random.RandomState(0).randint(
        np.iinfo(np.int64).max, size=count, dtype=np.int64
    )
    flat = tf.reshape(tf.cast(tokens, tf.int64), [-1, count])
    # Sums wrap around; their upper bits depend on all lower ones.
    total = tf.reduce_sum(flat * factors, axis=1)
    return tf.bitwise.bitwise_and(tf.bitwise.right_shift(total, 32), 2**31 - 1)


def _ssim(predicted: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    """Returns the sum over a story's frames, float32 `[batch]`."""
    frames = target.shape[1]
    if not frames:
        return tf.zeros([tf.shape(target)[0]])
    flat = [tf.reshape(x, [-1, *target.shape[2:]]) for x in (predicted, target)]
    return tf.reduce_sum(tf.reshape(ssim(*flat), [-1, frames]), axis=1)
