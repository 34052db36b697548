"""Frechet distances of generated stories, beside those of baselines."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory import pictures
from tfstory.errors import UserError
from tfstory.metrics import frechet
from tfstory.systems.story_gan import distances

NAME = "frechet_random_convolutions"


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    system = tiny.system(tmp_path_factory.mktemp("system"))
    system.adapt([system.prepare(tiny.raw_batch(4, seed=9))])
    return system


def _measure(system, raws, generate):
    return distances.frechet_distances(
        raws,
        system.prepare,
        generate,
        system.statistics,
        distances.feature_kinds(tiny.SIZE, ""),
    )


def test_all_frames_of_all_batches_are_measured(system):
    raws = [tiny.raw_batch(3, seed=1), tiny.raw_batch(2, seed=2)]

    def draw(batch):
        return 0.5 * pictures.to_unit(batch["images"]) + 0.1

    found = _measure(system, raws, draw)
    assert set(found) == {
        f"{NAME}{end}" for end in ("", "_mean_picture", "_copy_previous")
    }
    (features,) = distances.feature_kinds(tiny.SIZE, "")
    real = np.concatenate(
        [pictures.to_unit(system.prepare(raw)["images"]) for raw in raws]
    ).reshape(-1, tiny.SIZE, tiny.SIZE, 3)
    real_moments, drawn_moments = (
        frechet.moments(features(tf.constant(x)).numpy())
        for x in (real, 0.5 * real + 0.1)
    )
    assert found[NAME] == pytest.approx(
        frechet.distance(drawn_moments, real_moments), rel=1e-3
    )
    mean = system.statistics.mean_picture.numpy()
    mean_moments = frechet.moments(
        features(tf.constant(np.broadcast_to(mean, real.shape))).numpy()
    )
    assert found[f"{NAME}_mean_picture"] == pytest.approx(
        frechet.distance(mean_moments, real_moments), rel=1e-3
    )
    before = np.roll(real.reshape(5, -1, *mean.shape), 1, axis=1)
    before[:, 0] = mean
    before_moments = frechet.moments(
        features(tf.constant(before.reshape(real.shape))).numpy()
    )
    assert found[f"{NAME}_copy_previous"] == pytest.approx(
        frechet.distance(before_moments, real_moments), rel=1e-3
    )


def test_real_pictures_have_no_distance(system):
    raws = [tiny.raw_batch(3, seed=1)]
    found = _measure(
        system, raws, lambda batch: pictures.to_unit(batch["images"])
    )
    assert found[NAME] == pytest.approx(0.0, abs=1e-3)
    assert found[f"{NAME}_mean_picture"] > 0.1


def test_no_pictures_have_no_distance(system):
    assert _measure(system, [], None) == {}


def test_missing_weights_of_inception_are_said():
    with pytest.raises(UserError, match="there is no file gone.h5"):
        distances.feature_kinds(tiny.SIZE, "gone.h5")
