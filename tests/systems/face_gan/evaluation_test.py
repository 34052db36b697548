"""face_gan's metrics: per-example sums, and distances of whole sets."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.face_gan import tiny
from tfstory.errors import UserError
from tfstory.metrics import frechet, ratio, sliced_wasserstein
from tfstory.metrics.energy import energy_terms
from tfstory.systems.face_gan import evaluation, statistics
from tfstory.systems.face_gan.features import draw_seeds


@pytest.fixture(scope="module")
def adapted():
    """A system that has seen 40 training pictures in two batches."""
    system = tiny.system()
    raw = tiny.raw_batch(40, seed=5)
    prepared = system.prepare(raw)
    system.adapt(
        {key: value[part] for key, value in prepared.items()}
        for part in (slice(0, 32), slice(32, 40))
    )
    return system, prepared


def test_statistics_of_the_training_pictures(adapted):
    system, prepared = adapted
    pictures = prepared["pictures"].numpy() / 255.0
    found = system.statistics
    np.testing.assert_allclose(
        found.mean_picture.numpy(), pictures.mean(axis=0), atol=1e-5
    )
    features = system.features(tf.constant(pictures, tf.float32)).numpy()
    np.testing.assert_allclose(
        found.references.numpy()[:80],
        np.concatenate([features, features]),
        atol=1e-4,
    )
    # Of 40 or more all, of fewer those that are evenly spread.
    for count, rows in ((50, features), (10, features[::4])):
        expected = frechet.moments(rows)
        moments = found.moments(count)
        np.testing.assert_allclose(moments.mean, expected.mean, atol=1e-4)
        np.testing.assert_allclose(
            moments.covariance, expected.covariance, atol=1e-4
        )
    np.testing.assert_allclose(
        found.sketch.numpy(), sliced_wasserstein.sketch(pictures),
        atol=1e-3,
    )  # fmt: skip


def test_sums_make_every_metric(adapted):
    system, _ = adapted
    prepared = system.prepare(tiny.raw_batch(5))
    sums = system.evaluate(prepared)
    assert {value.shape for value in sums.values()} == {(5,)}
    metrics = ratio.aggregate(
        system.ratios, {k: float(np.sum(v)) for k, v in sums.items()}
    )
    assert set(metrics) == set(system.ratios)
    real = tf.cast(prepared["pictures"], tf.float32) / 255.0
    logits = system.model.discriminator(real)
    assert metrics["real_accuracy"] == np.mean(logits > 0)
    mean = system.features(system.statistics.mean_picture.value[None])
    mean = tf.repeat(mean, 5, axis=0)
    terms = energy_terms(
        mean,
        mean,
        system.features(real),
        system.statistics.references.value,
    )
    assert metrics[f"{evaluation.ENERGY}_mean_picture"] == pytest.approx(
        np.mean(terms), rel=1e-5
    )


def test_sums_do_not_depend_on_the_batch(adapted):
    system, _ = adapted
    raw = tiny.raw_batch(5)
    together = system.evaluate(system.prepare(raw))
    alone = system.evaluate(
        system.prepare({key: value[3:4] for key, value in raw.items()})
    )
    for name, value in alone.items():
        np.testing.assert_allclose(
            value, together[name][3:4], rtol=1e-3, atol=1e-4, err_msg=name
        )


def test_a_generator_that_copies_faces_has_no_energy(adapted):
    """Drawing real pictures is as good as it gets, the mean is not."""
    system, prepared = adapted
    real = tf.cast(prepared["pictures"], tf.float32) / 255.0
    held_out = system.prepare(tiny.raw_batch(40, seed=6))

    class Copier:
        discriminator = system.model.discriminator

        @staticmethod
        def draw(seeds):
            at = (seeds[:, 0] + 13 * seeds[:, 1]) % 40
            return tf.gather(real, at)

    sums = evaluation.sums(
        held_out,
        Copier.draw(draw_seeds(held_out, 0)),
        Copier,
        system.features,
        system.statistics,
    )
    energy = np.mean(sums["energy"])
    assert abs(energy) < 0.4 * np.mean(sums["mean_picture_energy"])


def test_distances_stand_beside_the_mean_picture_and_real_ones(adapted):
    system, _ = adapted
    raw = tiny.raw_batch(40, seed=6)
    metrics = system.corpus_metrics([raw])
    for name in ("frechet_random_convolutions", "sliced_wasserstein"):
        train = metrics[f"{name}_real_train"]
        # Real pictures are nearest to real ones.
        assert 0.0 < train < metrics[name]
        assert train < metrics[f"{name}_mean_picture"]
    assert len(metrics) == 6


def test_real_pictures_are_as_many_as_the_model_s(adapted):
    """A Frechet distance falls with the number of pictures."""
    system, trained_on = adapted
    raw = tiny.raw_batch(10, seed=6)
    prepared = system.prepare(raw)
    held_out, training = (
        frechet.moments(
            system.features(tf.cast(images, tf.float32) / 255.0).numpy()
        )
        for images in (prepared["pictures"], trained_on["pictures"][::4])
    )
    found = system.corpus_metrics([raw])
    assert found["frechet_random_convolutions_real_train"] == (
        pytest.approx(frechet.distance(training, held_out), rel=1e-4)
    )


def test_statistics_are_of_pictures_from_all_over(monkeypatch):
    monkeypatch.setattr(statistics, "REFERENCES", 8)
    system = tiny.system()
    pictures = system.prepare(tiny.raw_batch(40, seed=5))["pictures"]
    system.adapt({"pictures": pictures[i : i + 4]} for i in range(0, 40, 4))
    everything = system.features(tf.cast(pictures, tf.float32) / 255.0).numpy()
    places = [
        int(np.argmin(np.abs(everything - row).sum(axis=1)))
        for row in system.statistics.references.numpy()
    ]
    assert len(set(places)) == 8
    assert min(places) < 20 <= max(places)


def test_inception_is_asked_for_by_its_file(adapted):
    system, _ = adapted
    system.config.evaluation.inception_weights = "none.h5"
    try:
        with pytest.raises(UserError, match="no file none.h5"):
            system.corpus_metrics([tiny.raw_batch(3)])
    finally:
        system.config.evaluation.inception_weights = ""


def test_one_training_picture_is_enough():
    system = tiny.system()
    system.adapt([system.prepare(tiny.raw_batch(1))])
    assert np.isfinite(system.statistics.references.numpy()).all()
    np.testing.assert_array_equal(system.statistics.moments(5).covariance, 0.0)
