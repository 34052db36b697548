"""The sliced Wasserstein distance and the pyramid that it looks at."""

import numpy as np
import pytest

from tfstory.metrics import sliced_wasserstein as swd


def _noise(seed, count=40, size=32, scale=1.0):
    return np.random.default_rng(seed).normal(
        0.5, 0.1 * scale, (count, size, size, 3)
    )


def test_quantiles_of_a_shifted_set_differ_by_the_shift():
    values = np.random.default_rng(0).normal(size=(1000, 2))
    shifted = values + [0.5, -2.0]
    difference = swd.quantiles(shifted, 64) - swd.quantiles(values, 64)
    np.testing.assert_allclose(difference, np.tile([0.5, -2.0], (64, 1)))


@pytest.mark.parametrize("count", [2, 4])
def test_quantiles_by_hand(count):
    values = np.array([[3.0], [0.0], [1.0], [8.0]])
    expected = {2: [0.5, 5.5], 4: [0.0, 1.0, 3.0, 8.0]}[count]
    np.testing.assert_allclose(swd.quantiles(values, count)[:, 0], expected)


def test_quantiles_of_fewer_values_than_shares():
    values = np.array([[4.0], [0.0]])
    np.testing.assert_allclose(swd.quantiles(values, 3)[:, 0], [0.0, 2.0, 4.0])


def test_the_pyramid_adds_up_to_the_pictures():
    pictures = _noise(0, 2, 64)
    levels = swd.laplacian_pyramid(pictures)
    assert [level.shape[1] for level in levels] == [64, 32, 16]
    picture = levels[-1]
    for level in levels[-2::-1]:
        picture = level + swd.upsampled(picture)
    np.testing.assert_allclose(picture, pictures, atol=1e-5)


def test_an_even_picture_has_no_detail():
    finest = swd.laplacian_pyramid(np.full((1, 32, 32, 3), 0.3))[0]
    # But at the edges, where upsampling has nothing beyond.
    np.testing.assert_allclose(finest[:, 2:-2, 2:-2], 0.0, atol=1e-6)


def test_more_alike_is_nearer():
    stripes = np.repeat(_noise(1)[:, :, :1], 32, axis=2)
    sketches = [swd.sketch(x) for x in (_noise(0), _noise(2), stripes)]
    assert sketches[0].shape == (2, swd.DIRECTIONS, swd.QUANTILES)
    near = swd.distance(sketches[0], sketches[1])
    far = swd.distance(sketches[0], sketches[2])
    assert 0.0 < 2 * near < far
    assert swd.distance(sketches[0], sketches[0]) == 0.0
    assert far == swd.distance(sketches[2], sketches[0])


def test_sets_of_unequal_size_are_compared_along_the_same_directions():
    many, few = swd.sketch(_noise(0, 60)), swd.sketch(_noise(2, 40))
    stripes = np.repeat(_noise(1, 60)[:, :, :1], 32, axis=2)
    same, other = (
        swd.distance(many, few),
        swd.distance(swd.sketch(stripes), few),
    )
    assert 2 * same < other


def test_the_seed_decides():
    np.testing.assert_array_equal(
        swd.sketch(_noise(0), seed=3), swd.sketch(_noise(0), seed=3)
    )
    assert not np.array_equal(swd.sketch(_noise(0)), swd.sketch(_noise(0), 1))
