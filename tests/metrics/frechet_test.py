"""The Frechet distance against cases worked by hand and NumPy's roots."""

import numpy as np
import pytest

from tfstory.metrics import frechet


def _gaussian(mean, covariance):
    return frechet.Moments(np.array(mean, float), np.array(covariance, float))


def test_by_hand_in_one_dimension():
    # (1 - 4)^2 + (2 - 3)^2, of standard deviations 2 and 3.
    first, second = _gaussian([1], [[4]]), _gaussian([4], [[9]])
    assert frechet.distance(first, second) == pytest.approx(10.0)


def test_by_hand_where_covariances_commute():
    first = _gaussian([0, 0], [[1, 0], [0, 4]])
    second = _gaussian([3, 4], [[9, 0], [0, 16]])
    # 25 + (1 - 3)^2 + (2 - 4)^2.
    assert frechet.distance(first, second) == pytest.approx(33.0)


def test_against_the_root_of_a_product_that_is_not_symmetric():
    generator = np.random.default_rng(0)
    a, b = generator.normal(size=(2, 5, 5))
    first, second = _gaussian(a[0], a @ a.T), _gaussian(b[0], b @ b.T)
    values = np.linalg.eigvals(first.covariance @ second.covariance)
    expected = (
        np.sum((a[0] - b[0]) ** 2)
        + np.trace(a @ a.T + b @ b.T)
        - 2 * np.sum(np.sqrt(values.real))
    )
    assert frechet.distance(first, second) == pytest.approx(expected)
    assert frechet.distance(second, first) == pytest.approx(expected)


def test_equal_gaussians_are_at_0_singular_ones_too():
    generator = np.random.default_rng(1)
    same = frechet.moments(generator.normal(size=(3, 6)))
    assert frechet.distance(same, same) == pytest.approx(0.0, abs=1e-6)
    assert frechet.distance(same, same) >= 0.0


def test_moments():
    features = np.random.default_rng(2).normal(size=(20, 3)).astype("float32")
    found = frechet.moments(features)
    assert found.covariance.dtype == np.float64
    np.testing.assert_allclose(found.mean, features.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(
        found.covariance, np.cov(features, rowvar=False), atol=1e-6
    )


@pytest.mark.parametrize("shape", [(1, 4), (4,)])
def test_too_few_examples(shape):
    with pytest.raises(ValueError, match="two examples or more"):
        frechet.moments(np.zeros(shape))
