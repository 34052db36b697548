"""Gaussian numbers: what is drawn, and that it repeats."""

import math
import statistics

import ml_collections
import numpy as np
import pytest

from tfstory.datasets import registry
from tfstory.datasets.gaussians.mixture import Mixture
from tfstory.datasets.load import load
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError

_FEW = {
    "train_examples": 2_000,
    "validation_examples": 3,
    "test_examples": 4,
}


def _values(data_dir, split="train", **arguments):
    arguments = {**_FEW, **arguments}
    prepare("gaussians", data_dir, builder_args=arguments)
    config = ml_collections.ConfigDict(
        {"data": {"dataset": "gaussians", "builder": arguments}}
    )
    loaded = load(config, data_dir, split)
    return np.array([raw["value"] for raw in loaded.as_numpy_iterator()])


def test_numbers_have_the_mean_and_variance_asked_for(tmp_path):
    values = _values(tmp_path, means=(3.0,), variances=[4], weights=(1,))
    assert values.dtype == np.float32 and values.shape == (2_000,)
    # Four standard errors.
    assert values.mean() == pytest.approx(3.0, abs=4 * 2 / math.sqrt(2_000))
    assert values.std() == pytest.approx(2.0, rel=4 / math.sqrt(2 * 2_000))


def test_a_seed_decides_the_numbers_and_splits_differ(tmp_path):
    one, again = (_values(tmp_path / name) for name in "ab")
    np.testing.assert_array_equal(one, again)
    other = _values(tmp_path, seed=1)
    assert not np.intersect1d(one, other).size
    test = _values(tmp_path, "test")
    assert len(test) == 4
    assert not np.intersect1d(one, test).size


def test_a_mixture_has_its_shares(tmp_path):
    values = _values(
        tmp_path, means=(-9.0, 9.0), variances=(1.0, 1.0), weights=(1.0, 3.0)
    )
    assert np.mean(values > 0) == pytest.approx(0.75, abs=0.04)


def test_moments_of_a_mixture_by_hand():
    # E[x] = 1/4 * -1 + 3/4 * 3 = 2; E[x^2] = 1/4 * 2 + 3/4 * 13 = 10.25.
    mixture = Mixture((-1.0, 3.0), (1.0, 4.0), (2.0, 6.0))
    assert mixture.weights == (0.25, 0.75)
    assert mixture.mean == pytest.approx(2.0)
    assert mixture.standard_deviation == pytest.approx(math.sqrt(6.25))


def test_draws_are_quantiles_of_the_component():
    mixture = Mixture((-1.0, 3.0), (1.0, 4.0), (0.25, 0.75))
    assert mixture.draw(0.2, 0.5) == -1.0
    assert mixture.draw(0.25, 0.5) == 3.0
    upper = statistics.NormalDist(3.0, 2.0).inv_cdf(0.9)
    assert mixture.draw(0.9, 0.9) == upper
    assert math.isfinite(mixture.draw(0.0, 0.0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"means": (0.0, 1.0)}, "not 2, 1 and 1"),
        ({"means": ()}, "not 0, 1 and 1"),
        ({"variances": (0.0,)}, "above 0"),
        ({"weights": (-1.0,)}, "above 0"),
        ({"means": (math.inf,)}, "finite"),
        ({"means": ("a",)}, "each entry of means must be float"),
        ({"means": 1.0}, "means must be tuple"),
        ({"train_examples": -1}, "at least 0"),
    ],
)
def test_refuses_what_is_no_mixture(tmp_path, arguments, message):
    with pytest.raises(UserError, match=message):
        registry.builder("gaussians", tmp_path, **arguments)


def test_quantiles_and_density_of_one_component_are_the_normal_s():
    normal = statistics.NormalDist(1.0, 2.0)
    mixture = Mixture((1.0,), (4.0,), (3.0,))
    wanted = [normal.inv_cdf(share) for share in (1 / 6, 1 / 2, 5 / 6)]
    assert mixture.quantiles(3) == pytest.approx(wanted)
    assert mixture.density(2.0) == pytest.approx(normal.pdf(2.0))


def test_quantiles_of_a_mixture_hold_their_share():
    mixture = Mixture((-5.0, 5.0), (1.0, 1.0), (1.0, 3.0))
    # An eighth of all: the middle of the first component's quarter.
    assert mixture.quantiles(4)[0] == pytest.approx(-5.0, abs=1e-6)
