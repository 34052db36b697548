"""The matcher's networks, training, figures and answers."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems import batches as batches_lib
from tests.systems.story_matcher import tiny
from tfstory.metrics import ratio
from tfstory.metrics.retrieval import DISTRACTORS
from tfstory.systems import replicas
from tfstory.systems.story_matcher import stages
from tfstory.systems.story_matcher.model import Temperature
from tfstory.systems.story_matcher.statistics import Statistics


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    system = tiny.system(tmp_path_factory.mktemp("matcher"))
    system.adapt([system.prepare(tiny.raw_batch(4, seed=9))])
    return system


@pytest.fixture(scope="module")
def prepared(system):
    return system.prepare(tiny.raw_batch(4))


def test_vectors_have_length_one(system, prepared):
    for vectors in (
        system.matcher.pictures(prepared["images"]),
        system.matcher.texts(prepared["tokens"]),
    ):
        assert vectors.shape == [4, tiny.FRAMES, tiny.JOINT_SIZE]
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=-1), 1, 1e-5)


def test_a_text_knows_what_was_told_and_not_what_comes(system, prepared):
    tokens = prepared["tokens"].numpy()
    before = system.matcher.texts(tf.constant(tokens))
    tokens[:, 2] = np.roll(tokens[:, 2], 1, axis=0)
    after = system.matcher.texts(tf.constant(tokens))
    changed = np.abs(after - before).max(axis=(0, 2))
    assert np.all(changed[:2] < 1e-6) and np.all(changed[2:] > 1e-5)


def test_a_picture_knows_nothing_of_the_others(system, prepared):
    images = prepared["images"]
    alone = system.matcher.pictures(images[1:2, 3:4])
    among = system.matcher.pictures(images)[1, 3]
    np.testing.assert_allclose(alone[0, 0], among, atol=1e-5)


def test_the_loss_is_infonce_of_all_frames(system, prepared):
    """Against NumPy; the random stories' frames are all different."""
    loss = stages.info_nce(system.matcher, prepared, training=False)
    shown, told = (
        np.reshape(vectors, [-1, tiny.JOINT_SIZE])
        for vectors in (
            system.matcher.pictures(prepared["images"]),
            system.matcher.texts(prepared["tokens"]),
        )
    )
    chances = np.exp(shown @ told.T / 0.07)
    own = np.diagonal(chances)
    expected = np.mean(
        [-np.log(own / chances.sum(axis=axis)) for axis in (0, 1)]
    )
    assert isinstance(loss, replicas.GlobalMean)
    assert float(loss.weight) == 4 * tiny.FRAMES
    assert float(loss.share) == pytest.approx(expected, rel=1e-4)


def test_the_scale_stays_in_its_bound():
    temperature = Temperature()
    assert float(temperature(tf.constant(1.0))) == pytest.approx(1 / 0.07)
    temperature.log_scale.assign(7.0)
    temperature.keep_in_bounds()
    assert float(temperature(tf.constant(1.0))) == pytest.approx(100, rel=1e-5)


def test_it_learns_a_few_stories_by_heart(tmp_path):
    system = tiny.system(tmp_path)
    batch = system.prepare(tiny.raw_batch(4))
    # The texts to be told from are the batch's own.
    system.adapt([batch])
    system.config.stages.matching.learning_rate = 0.01
    stage = system.stages()[0].build(100)
    step = tf.function(stage.train_step)
    for _ in range(100):
        step(batch)
    loss = stages.info_nce(system.matcher, batch, training=False)
    # Of 20 frames by chance: 3.0 nats.
    assert float(loss.share) < 0.5
    sums = system.evaluate(batch)
    assert float(tf.reduce_sum(sums["found"])) >= 19


def _made(directory, strategy):
    """Returns a stage that learns by SGD, and its weights."""
    with strategy.scope():
        system = tiny.system(directory)
        stage = system.stages()[0].build(10)
        stage.compile(optimizer=keras.optimizers.SGD(1.0))
        stage.optimizer.build(system.matcher.trainable_variables)
    networks = system.matcher.networks.values()
    return stage, [weight for network in networks for weight in network.weights]


def test_two_replicas_equal_one_device(two_replicas, tmp_path):
    """Negatives are the other replica's too, but for those that are alike."""
    batch = {
        name: value.numpy()
        for name, value in tiny.system(tmp_path)
        .prepare(tiny.raw_batch(3))
        .items()
    }
    # Begins as the first story, which stands on the other replica.
    batch["tokens"][2, 0] = batch["tokens"][0, 0]
    # Stands still.
    batch["images"][2, 1] = batch["images"][2, 0]
    batch = {name: tf.constant(value) for name, value in batch.items()}

    def trained(strategy):
        stage, weights = _made(tmp_path, strategy)
        history = batches_lib.fit(stage, strategy, [(batch, 2)])
        return history["loss"][0], [
            strategy.experimental_local_results(weight.value)[-1].numpy()
            for weight in weights
        ]

    one_loss, one = trained(tf.distribute.get_strategy())
    two_loss, two = trained(two_replicas)
    assert two_loss == pytest.approx(one_loss, rel=1e-5)
    # A whole gradient away from the same beginning.
    for first, second in zip(one, two, strict=True):
        np.testing.assert_allclose(second, first, atol=3e-5)


def test_a_replica_may_have_no_story(system, two_replicas, tmp_path):
    """As in a last batch smaller than the replicas."""
    batches_lib.check_a_replica_of_none(
        functools.partial(_made, tmp_path),
        two_replicas,
        system.prepare(tiny.raw_batch(1)),
    )


def test_every_ratio_has_its_sums(system, prepared):
    sums = system.evaluate(prepared)
    names = {r.numerator for r in system.ratios.values()}
    names |= {r.denominator for r in system.ratios.values()}
    assert names == set(sums)
    assert all(value.shape == [4] for value in sums.values())
    totals = {name: float(tf.reduce_sum(v)) for name, v in sums.items()}
    # Four training stories, and the right one.
    chance = ratio.aggregate(system.ratios, totals)["r_precision_chance"]
    assert chance == pytest.approx(1 / 5)


def test_a_text_is_told_from_training_stories(system, prepared):
    """Against NumPy; the batch's other stories do not matter."""
    shown = system.matcher.pictures(prepared["images"]).numpy()
    told = system.matcher.texts(prepared["tokens"]).numpy()
    others = system.matcher.texts(
        system.prepare(tiny.raw_batch(4, seed=9))["tokens"]
    ).numpy()
    right = (shown * told).sum(axis=-1, keepdims=True)
    wrong = np.einsum("bfs,nfs->bfn", shown, others)
    expected = np.all(right > wrong, axis=-1).sum(axis=1)
    np.testing.assert_array_equal(system.evaluate(prepared)["found"], expected)
    alone = {name: value[1:2] for name, value in prepared.items()}
    assert float(system.evaluate(alone)["found"][0]) == expected[1]


def test_a_matcher_to_which_all_text_is_alike_finds_by_chance(
    system, prepared, monkeypatch
):
    alike = tf.math.l2_normalize(tf.random.stateless_normal([3], [1, 2]), 0)

    def texts(tokens):
        return tf.broadcast_to(alike, [*tokens.shape[:2], 3])

    def pictures(images):
        vectors = tf.random.stateless_normal([*images.shape[:2], 3], [3, 4])
        return tf.math.l2_normalize(vectors, axis=-1)

    monkeypatch.setattr(system.matcher, "texts", texts)
    monkeypatch.setattr(system.matcher, "pictures", pictures)
    sums = system.evaluate(prepared)
    np.testing.assert_allclose(sums["found"], sums["found_by_chance"])


def test_the_same_text_is_no_distractor(system):
    batch = system.prepare(tiny.raw_batch(4, seed=9))
    sums = system.evaluate(batch)
    np.testing.assert_allclose(
        sums["found_by_chance"], tiny.FRAMES / 4, rtol=1e-5
    )


def test_statistics_keep_no_more_than_they_hold():
    statistics = Statistics(2, 3, seed=0)
    assert not statistics.known.numpy().any()
    stories = np.arange(1, 151)[:, None, None] * np.ones([1, 2, 3], np.int64)
    statistics.adapt([stories[:70], stories[70:]])
    kept = statistics.tokens.numpy()[:, 0, 0]
    assert statistics.known.numpy().all()
    assert len(set(kept)) == DISTRACTORS and kept.max() > 100


def test_served_vectors_are_the_systems(system):
    raw = tiny.raw_batch(2)
    served = system.signatures()["match"](raw["images"], raw["sentences"])
    batch = system.prepare(raw)
    np.testing.assert_allclose(
        served["picture_embeddings"],
        system.matcher.pictures(batch["images"]),
        atol=1e-6,
    )
    np.testing.assert_allclose(
        served["text_embeddings"],
        system.matcher.texts(batch["tokens"]),
        atol=1e-6,
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match="not as many"):
        system.signatures()["match"](raw["images"], raw["sentences"][:, :2])


def test_the_sheet_shows_what_pictures_are_taken_for(system):
    batch = system.prepare(tiny.raw_batch(2))
    sheet = system.sample_sheet(batch)
    assert sheet.dtype == np.uint8 and sheet.ndim == 3


def test_mixed_precision_embeds_in_float32(tmp_path):
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        system = tiny.system(tmp_path)
        batch = system.prepare(tiny.raw_batch(2))
        assert system.matcher.texts(batch["tokens"]).dtype == tf.float32
        loss = stages.info_nce(system.matcher, batch, training=True)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert loss.share.dtype == tf.float32
    assert np.isfinite(float(loss.share))
