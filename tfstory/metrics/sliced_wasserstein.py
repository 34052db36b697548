"""Sliced Wasserstein distance between sets of pictures.

Karras et al. 2018, "Progressive Growing of GANs for Improved Quality,
Stability, and Variation", section 5: 7x7 patches of each level of a Laplacian
pyramid, normalised channel by channel, are projected on random directions;
the distance is the mean Wasserstein-1 distance of the projections. Here the
one-dimensional distances come from quantiles, so that the sets need not be of
one size and a set can be kept as its `sketch`.
"""

import numpy as np
import tensorflow as tf

SMALLEST_LEVEL = 16
DIRECTIONS = 256
QUANTILES = 64
_PATCH = 7
_PATCHES_A_PICTURE = 64
_BATCH = 64
# What Burt and Adelson 1983 filter a pyramid with, in one dimension.
_KERNEL = np.array([1.0, 4.0, 6.0, 4.0, 1.0], np.float32) / 16.0


def levels_of(size: int) -> int:
    """Returns how many pyramid levels pictures of `size` pixels have."""
    levels = 1
    while size % 2 == 0 and size // 2 >= SMALLEST_LEVEL:
        size //= 2
        levels += 1
    return levels


def sketch(pictures: np.ndarray, seed: int = 0) -> np.ndarray:
    """Returns what `distance` compares of a set of pictures.

    Args:
      pictures: float `[n, size, size, 3]` in [0, 1]; 7 pixels or more.
      seed: int, of the patches and the directions; sketches with different
        seeds cannot be compared.

    Returns:
      float32 `[levels, DIRECTIONS, QUANTILES]`, finest level first.
    """
    parts = [
        [level.numpy() for level in laplacian_pyramid(pictures[i : i + _BATCH])]
        for i in range(0, len(pictures), _BATCH)
    ]
    result = []
    for number, level in enumerate(
        map(np.concatenate, zip(*parts, strict=True))
    ):
        places, directions = (
            np.random.default_rng([seed, number, draw]) for draw in range(2)
        )
        patches = _normalized(_random_patches(level, places))
        patches = patches.reshape([len(patches), -1])
        # The same for sets of any size.
        directions = directions.normal(size=(patches.shape[1], DIRECTIONS))
        directions /= np.linalg.norm(directions, axis=0)
        projected = patches @ directions.astype(np.float32)
        result.append(quantiles(projected, QUANTILES).T)
    return np.stack(result).astype(np.float32)


def distance(first: np.ndarray, second: np.ndarray) -> float:
    """Returns the distance of two sets, averaged over the levels.

    Args:
      first: a `sketch`.
      second: another one.

    Returns:
      In standard deviations of a channel; Karras et al. report 1,000 times
      as much.
    """
    return float(np.mean(np.abs(np.asarray(first) - np.asarray(second))))


def quantiles(values: np.ndarray, count: int) -> np.ndarray:
    """Returns the means of `count` equal shares of the sorted values.

    The mean absolute difference of two such is the Wasserstein-1 distance
    wherever one set does not cross the other within a share.

    Args:
      values: float `[n, columns]`.
      count: int.

    Returns:
      float64 `[count, columns]`.
    """
    ordered = np.sort(values, axis=0).astype(np.float64)
    if len(ordered) < count:  # Shares smaller than a value.
        ordered = np.repeat(ordered, count, axis=0)
    size = len(ordered)
    total = np.concatenate(
        [np.zeros((1, ordered.shape[1])), np.cumsum(ordered, axis=0)]
    )
    ends = np.arange(count + 1) * size // count
    return np.diff(total[ends], axis=0) / np.diff(ends)[:, np.newaxis]


def laplacian_pyramid(pictures: np.ndarray) -> list[tf.Tensor]:
    """Returns what each halving of the size takes away, and what is left.

    Args:
      pictures: float `[n, size, size, channels]`.

    Returns:
      float32 tensors, finest first; each upsampled on the next gives the
      level before it.
    """
    level = tf.cast(pictures, tf.float32)
    result = []
    for _ in range(levels_of(int(level.shape[1])) - 1):
        smaller = _blurred(level)[:, ::2, ::2]
        result.append(level - upsampled(smaller))
        level = smaller
    return [*result, level]


def upsampled(pictures: tf.Tensor) -> tf.Tensor:
    """Returns pictures of twice the size, smooth."""
    count, height, width, channels = tf.unstack(tf.shape(pictures))
    zeros = tf.zeros_like(pictures)
    columns = tf.stack([pictures, zeros], axis=3)
    rows = tf.stack([columns, tf.zeros_like(columns)], axis=2)
    spread = tf.reshape(rows, [count, 2 * height, 2 * width, channels])
    return 4.0 * _blurred(spread)


def _blurred(pictures: tf.Tensor) -> tf.Tensor:
    channels = pictures.shape[-1]
    kernel = np.outer(_KERNEL, _KERNEL)[:, :, np.newaxis, np.newaxis]
    padded = tf.pad(pictures, [[0, 0], [2, 2], [2, 2], [0, 0]], "REFLECT")
    return tf.nn.depthwise_conv2d(
        padded, np.tile(kernel, (1, 1, channels, 1)), [1, 1, 1, 1], "VALID"
    )


def _random_patches(level, generator) -> np.ndarray:
    """Returns `[n * patches, 7, 7, channels]` at random places."""
    count, height, width = level.shape[:3]
    shape = (count, _PATCHES_A_PICTURE, 1, 1)
    rows = generator.integers(0, height - _PATCH + 1, shape)
    columns = generator.integers(0, width - _PATCH + 1, shape)
    at = np.arange(_PATCH)
    patches = level[
        np.arange(count)[:, np.newaxis, np.newaxis, np.newaxis],
        rows + at[:, np.newaxis],
        columns + at,
    ]
    return patches.reshape([-1, _PATCH, _PATCH, level.shape[-1]])


def _normalized(patches: np.ndarray) -> np.ndarray:
    mean = patches.mean(axis=(0, 1, 2), keepdims=True)
    deviation = patches.std(axis=(0, 1, 2), keepdims=True)
    return (patches - mean) / np.maximum(deviation, 1e-6)
