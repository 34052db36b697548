"""Frechet distance between the Gaussians of two sets of features.

Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule Converge to
a Local Nash Equilibrium", equation 6.
"""

from typing import NamedTuple

import numpy as np


class Moments(NamedTuple):
    """What the distance knows of a set of features.

    Attributes:
      mean: float64 `[size]`.
      covariance: float64 `[size, size]`, divided by the count less one.
    """

    mean: np.ndarray
    covariance: np.ndarray


def moments(features: np.ndarray) -> Moments:
    """Returns the moments of features, one example a row.

    Args:
      features: float `[examples, size]`.

    Raises:
      ValueError: there are fewer than two examples.
    """
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(
            "moments need features [examples, size] of two examples or more, "
            f"not of shape {list(features.shape)}"
        )
    mean = features.mean(axis=0)
    centred = features - mean
    return Moments(mean, centred.T @ centred / (len(features) - 1))


def distance(first: Moments, second: Moments) -> float:
    """Returns `|m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2))`.

    The square of the metric, as everybody reports it. With fewer examples
    than features the covariances are singular, and the figure is too high:
    compare figures of equal counts.

    Args:
      first: of one set of features.
      second: of another one, of the same size.

    Returns:
      0 or more, in the square of the features' unit.
    """
    root = _root(first.covariance)
    # C1 C2 has the eigenvalues of C1^(1/2) C2 C1^(1/2), which is symmetric.
    product = root @ np.asarray(second.covariance, np.float64) @ root
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(product), 0.0)).sum()
    difference = np.asarray(first.mean, np.float64) - second.mean
    spread = np.trace(first.covariance) + np.trace(second.covariance)
    # Rounding can take equal Gaussians below zero.
    return max(0.0, float(difference @ difference + spread - 2.0 * cross))


def _root(matrix: np.ndarray) -> np.ndarray:
    """Returns the square root of a symmetric matrix without negative part."""
    values, vectors = np.linalg.eigh(np.asarray(matrix, np.float64))
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
