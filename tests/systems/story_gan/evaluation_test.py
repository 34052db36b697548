"""StoryGAN's sums per example, baselines and diversity."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory import pictures
from tfstory.errors import UserError
from tfstory.metrics import ratio
from tfstory.metrics.ssim import ssim
from tfstory.systems.story_gan import diversity, evaluation


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    system = tiny.system(tmp_path_factory.mktemp("system"))
    system.adapt([system.prepare(tiny.raw_batch(4, seed=9))])
    return system


@pytest.fixture(scope="module")
def prepared(system):
    return system.prepare(tiny.raw_batch())


@pytest.fixture(scope="module")
def sums(system, prepared):
    return {k: v.numpy() for k, v in system.evaluate(prepared).items()}


def _ssim(one, other):
    return np.mean(
        ssim(*(tf.reshape(x, [-1, 16, 16, 3]) for x in (one, other)))
    )


def test_every_ratio_has_its_sums(system, sums):
    names = {r.numerator for r in system.ratios.values()}
    names |= {r.denominator for r in system.ratios.values()}
    assert names == set(sums)
    assert all(value.shape == (3,) for value in sums.values())
    assert all(value.dtype == np.float32 for value in sums.values())


def test_metrics_are_means_over_all_frames(system, prepared, sums):
    totals = {name: value.sum() for name, value in sums.items()}
    found = ratio.aggregate(system.ratios, totals)
    seeds = evaluation.story_seeds(prepared["tokens"])
    generated = system.generate(prepared, seeds)
    real = pictures.to_unit(prepared["images"])
    mean = np.mean(
        pictures.to_unit(
            system.prepare(tiny.raw_batch(4, seed=9))["images"]
        ).numpy(),
        axis=(0, 1),
    )
    before = np.concatenate(
        [np.broadcast_to(mean, [3, 1, 16, 16, 3]), real[:, :-1]], axis=1
    )
    for name, picture in (
        ("", generated),
        ("_mean_picture", np.broadcast_to(mean, real.shape)),
        ("_copy_previous", before),
        ("_random_story", system.statistics.random_stories(seeds)),
    ):
        assert found[f"l1{name}"] == pytest.approx(
            np.mean(np.abs(picture - real)), rel=1e-4
        )
        assert found[f"ssim{name}"] == pytest.approx(
            _ssim(picture, real), abs=1e-4
        )
    assert found["consistency"] == pytest.approx(
        _ssim(generated[:, 1:], generated[:, :-1]), abs=1e-4
    )
    assert found["consistency_real"] == pytest.approx(
        _ssim(real[:, 1:], real[:, :-1]), abs=1e-4
    )


def test_an_examples_sums_depend_on_no_other(system, prepared, sums):
    one = system.evaluate({k: v[1:2] for k, v in prepared.items()})
    for name, value in one.items():
        np.testing.assert_allclose(
            value, sums[name][1:2], rtol=1e-4, atol=1e-4, err_msg=name
        )


def test_stories_of_other_words_have_other_seeds(prepared):
    tokens = prepared["tokens"].numpy()
    seeds = evaluation.story_seeds(tf.constant(tokens)).numpy()
    assert len(set(seeds)) == 3 and min(seeds) >= 0
    tokens[0, 4, 1] += 1
    assert evaluation.story_seeds(tf.constant(tokens)).numpy()[0] != seeds[0]


def test_random_stories_are_real_ones(system):
    real = system.prepare(tiny.raw_batch(4, seed=9))["images"].numpy()
    kept = system.statistics.stories.numpy()
    # Four stories fill eight places twice.
    np.testing.assert_array_equal(kept, np.concatenate([real, real]))
    drawn = system.statistics.random_stories(tf.constant([3, 12], tf.int64))
    np.testing.assert_allclose(drawn * 255, kept[[3, 4]], atol=1e-3)


def test_some_of_many_stories_are_kept(tmp_path):
    system = tiny.system(tmp_path, ema_decay=0.0, discriminators=False)
    images = np.zeros([40, tiny.FRAMES, 16, 16, 3], np.uint8)
    images += np.arange(40, dtype=np.uint8)[:, None, None, None, None]
    system.statistics.adapt(tf.constant(images[i : i + 7]) for i in (0, 7, 14))
    kept = system.statistics.stories.numpy()[:, 0, 0, 0, 0]
    assert len(set(kept.tolist())) == 8 and max(kept) > 7


def test_mean_distance_is_over_all_pairs():
    values = np.array([[0.0, 0.0], [3.0, 3.0], [3.0, 1.0]])
    expected = (3 + np.sqrt(5) + np.sqrt(2)) / 3
    assert diversity.mean_distance(values) == pytest.approx(expected)


def test_diversity_is_a_share_of_the_distance_between_stories():
    images = np.zeros([2, 1, 2, 2, 3], np.uint8)
    images[1] = 255
    raw = [{"images": tf.constant(images[i : i + 1])} for i in (0, 1)]

    def generate(batch, seeds):
        """Half black and half as bright as 0.5, by the seed."""
        shade = 0.5 * tf.cast(seeds % 2, tf.float32)
        return tf.zeros([2, 1, 2, 2, 3]) + shade[:, None, None, None, None]

    found = diversity.diversity_metrics(raw, lambda batch: batch, generate)
    # Of 16 seeds' 120 pairs, 64 differ.
    distance = 0.5 * 64 / 120
    assert found == pytest.approx(
        {
            "diversity": distance,
            "distance_of_seeds": distance,
            "distance_of_real_stories": 1.0,
        }
    )
    assert diversity.diversity_metrics(raw[:1], None, None) == {}
    assert diversity.diversity_metrics([], None, None) == {}


def test_a_judge_that_is_not_there_is_told_before_anything_is_drawn(tmp_path):
    system = tiny.system(tmp_path)
    system.config.evaluation.story_matcher = str(tmp_path / "gone")
    with pytest.raises(UserError, match="gone holds no SavedModel"):
        system.corpus_metrics(None)
