"""StoryGAN's losses, and what each step trains."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.losses.divergence import kl_to_standard_normal
from tfstory.systems.story_gan import pairs
from tfstory.systems.story_gan.adversarial import (
    IMAGE_DISCRIMINATOR_LOSS as IMAGE,
)
from tfstory.systems.story_gan.adversarial import (
    STORY_DISCRIMINATOR_LOSS as STORY,
)

NETWORKS = ("generator", "image_discriminator", "story_discriminator")


def _softplus(x):
    return np.log1p(np.exp(x))


def test_discriminator_losses_are_those_of_the_seed(tmp_path):
    stage = {"loss": "minimax", "mismatched": False}
    system = tiny.system(tmp_path, stage=stage)
    stage = tiny.stage(system)
    found = stage.pairs(tiny.pictured(system), training=False)
    network = system.discriminators.image
    real, fake = network(*found.real), network(*found.fake)
    expected = np.mean(_softplus(-real)) + np.mean(_softplus(fake))
    loss = stage.discriminator_loss(IMAGE, found, training=False)
    assert float(loss.share) == pytest.approx(expected, rel=1e-5)
    network = system.discriminators.story
    real = network(found.real_stories, found.sentences)
    fake = network(found.fake_stories, found.sentences)
    expected = np.mean(_softplus(-real)) + np.mean(_softplus(fake))
    loss = stage.discriminator_loss(STORY, found, training=False)
    assert float(loss.share) == pytest.approx(expected, rel=1e-5)
    assert float(loss.weight) == 3


def test_wrong_text_is_half_of_the_negatives(tmp_path):
    system = tiny.system(tmp_path, stage={"loss": "non_saturating"})
    stage = tiny.stage(system)
    batch = tiny.pictured(system)
    # The second and the third story have one sentence in common.
    tokens = batch["tokens"].numpy()
    tokens[2, 3] = tokens[1, 3]
    batch["tokens"] = tf.constant(tokens)
    found = stage.pairs(batch, training=False)
    others = system.generator.sentence_encoder(
        tf.constant(np.roll(tokens, -1, axis=0))
    ).vectors
    np.testing.assert_allclose(
        found.wrong.sentences, np.reshape(others, [15, -1]), atol=1e-6
    )
    weights = np.any(tokens != np.roll(tokens, -1, axis=0), axis=-1)
    weights = weights.reshape(-1).astype(np.float32)
    assert weights[5 + 3] == 0
    np.testing.assert_array_equal(found.wrong.weights, weights)
    np.testing.assert_array_equal(found.wrong_stories.weights, np.ones(3))
    network = system.discriminators.image
    wrong = network(
        found.real.pictures, found.wrong.sentences, found.real.contexts
    )
    expected = np.mean(_softplus(-network(*found.real))) + 0.5 * (
        np.mean(_softplus(network(*found.fake)))
        + np.sum(weights * _softplus(wrong)) / np.sum(weights)
    )
    loss = stage.discriminator_loss(IMAGE, found, training=False)
    assert float(loss.share) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", [IMAGE, STORY])
def test_fakes_alone_weigh_as_much_as_the_real_ones(tmp_path, name):
    """A batch of one story has no wrong text."""
    system = tiny.system(tmp_path, stage={"loss": "non_saturating"})
    stage = tiny.stage(system)
    found = stage.pairs(tiny.pictured(system, count=1), training=False)
    networks = system.discriminators
    if name == IMAGE:
        real, fake = networks.image(*found.real), networks.image(*found.fake)
    else:
        real, fake = (
            networks.story(shown, found.sentences)
            for shown in (found.real_stories, found.fake_stories)
        )
    expected = np.mean(_softplus(-real)) + np.mean(_softplus(fake))
    loss = stage.discriminator_loss(name, found, training=False)
    assert float(loss.share) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", [IMAGE, STORY])
def test_r1_is_added_to_both_discriminators(tmp_path, name):
    system = tiny.system(tmp_path, stage={"r1_weight": 0.0})
    stage = tiny.stage(system)
    found = stage.pairs(tiny.pictured(system), training=False)
    before = stage.discriminator_loss(name, found, training=False).share
    system.config.stages.adversarial.r1_weight = 3.0
    network, shown, text = (
        (
            system.discriminators.image,
            found.real.pictures,
            (found.real.sentences, found.real.contexts),
        )
        if name == IMAGE
        else (
            system.discriminators.story,
            found.real_stories,
            (found.sentences,),
        )
    )
    with tf.GradientTape() as tape:
        tape.watch(shown)
        logits = network(shown, *text)
    gradient = tape.gradient(logits, shown).numpy()
    penalty = 0.5 * np.sum(gradient**2) / len(shown)
    assert penalty > 0
    loss = stage.discriminator_loss(name, found, training=False)
    assert float(loss.share) == pytest.approx(
        float(before) + 3 * penalty, rel=1e-5
    )


def test_the_generators_loss_is_the_weighted_sum_of_its_parts(tmp_path):
    weights = {
        "image_loss": 2.0,
        "story_loss": 3.0,
        "kl_loss": 0.7,
        "l1_loss": 0.5,
        "l2_loss": 0.4,
    }
    system = tiny.system(
        tmp_path, stage={"loss": "non_saturating", "loss_weights": weights}
    )
    stage = tiny.stage(system)
    batch = tiny.pictured(system)
    parts = stage.generator_losses(batch, training=False)
    assert float(stage.loss_share(parts)) == pytest.approx(
        sum(weight * float(parts[n].share) for n, weight in weights.items()),
        rel=1e-5,
    )
    drawn = stage.draw_noise(batch, 0, 0, training=False)
    reading = system.generator.read(batch["tokens"], drawn)
    painted = system.generator.paint(reading.scenes)
    expected = {
        "l1_loss": np.mean(np.abs(painted - batch["images"])),
        "l2_loss": np.mean(np.square(painted - batch["images"])),
        "kl_loss": np.mean(
            kl_to_standard_normal(reading.mean, reading.log_variance)
        ),
        "story_loss": np.mean(
            _softplus(-system.discriminators.story(painted, reading.sentences))
        ),
        "image_loss": np.mean(
            _softplus(
                -system.discriminators.image(
                    *pairs.frames(painted, reading.sentences, reading.context)
                )
            )
        ),
    }
    for name, value in expected.items():
        assert float(parts[name].share) == pytest.approx(value, rel=1e-4), name


def test_the_generator_cannot_change_the_question(tmp_path):
    """Its text reaches the discriminators as it is; its pictures are judged."""
    system = tiny.system(tmp_path)
    stage = tiny.stage(system)

    class Reader:
        """Judges the text alone."""

        def image(self, pictures, sentences, contexts, training):
            return tf.reduce_sum(sentences, 1) + tf.reduce_sum(contexts, 1)

        def story(self, pictures, sentences, training):
            return tf.reduce_sum(sentences, [1, 2])

    stage._discriminators = Reader()
    variables = [
        v.value
        for network in system.generator.networks.values()
        for v in network.trainable_variables
    ]
    with tf.GradientTape() as tape:
        parts = stage.generator_losses(tiny.pictured(system), training=False)
        loss = parts["image_loss"].share + parts["story_loss"].share
    assert all(g is None for g in tape.gradient(loss, variables))


def test_frames_are_chosen_once_each_and_anew_each_step():
    chosen = [
        pairs.choose(tf.constant([0, step]), 4, 5, 3).numpy()
        for step in range(2)
    ]
    for rows in chosen:
        assert rows.shape == (4, 3)
        assert all(len(set(row)) == 3 for row in rows.tolist())
    assert not np.array_equal(*chosen)
    assert pairs.choose(tf.constant([0, 0]), 4, 5, 0) is None
    values = tf.reshape(tf.range(20), [4, 5])
    np.testing.assert_array_equal(
        pairs.take(values, tf.constant(chosen[0])),
        np.take_along_axis(values.numpy(), chosen[0], axis=1),
    )


def test_an_image_step_takes_as_many_frames_as_asked_for(tmp_path):
    system = tiny.system(tmp_path, stage={"image_batch_size": 6})
    stage, batch = tiny.stage(system), tiny.pictured(system)
    whole, some = (
        stage.pairs(batch, whole=whole, training=False)
        for whole in (True, False)
    )
    assert whole.fake_stories.shape[:2] == [3, 5]
    # Frames that are not asked for are not painted; the others are the same.
    assert some.fake_stories is None
    for found in (whole, some):
        assert len(found.real.pictures) == len(found.fake.contexts) == 6
        assert len(found.wrong.sentences) == len(found.wrong.weights) == 6
    np.testing.assert_allclose(
        whole.fake.pictures, some.fake.pictures, atol=1e-5
    )


@pytest.mark.parametrize("trained", NETWORKS)
def test_each_optimizer_trains_its_own_networks(tmp_path, trained):
    system = tiny.system(tmp_path, ema_decay=0.0, spectral_normalization=False)
    stage = tiny.stage(system)
    stage.use_optimizers(
        *(keras.optimizers.SGD(0.1 * (name == trained)) for name in NETWORKS)
    )
    before = tiny.weights(system)
    stage.train_step(system.prepare(tiny.raw_batch()))
    after = tiny.weights(system)
    changed = {
        name.split("/")[0]
        for name in before
        if not np.array_equal(before[name], after[name])
    }
    if trained == "generator":
        assert changed == set(system.generator.networks)
    else:
        # Generating moves the statistics of batch normalisation.
        assert changed - {"image_generator"} == {trained}


@pytest.mark.parametrize("generator_steps", [1, 2])
def test_the_average_follows_the_generators_weights(tmp_path, generator_steps):
    system = tiny.system(
        tmp_path, stage={"generator_steps": generator_steps}, ema_decay=0.25
    )
    before = tiny.weights(system)
    tiny.stage(system).train_step(system.prepare(tiny.raw_batch()))
    after = tiny.weights(system)
    # After one batch: min(0.25, (1 + 1) / (10 + 1)).
    decay = 2 / 11
    for name in system.generator.networks:
        for index in range(len(system.networks[name].weights)):
            start = before[f"averaged_{name}/{index}"]
            np.testing.assert_array_equal(start, before[f"{name}/{index}"])
            np.testing.assert_allclose(
                after[f"averaged_{name}/{index}"],
                decay * start + (1 - decay) * after[f"{name}/{index}"],
                atol=1e-6,
            )
    assert system.used is system.averaged


def test_the_rate_halves(tmp_path):
    settings = {
        "halve_every_epochs": 2,
        "epochs": 6,
        "generator_steps": 2,
        "generator_learning_rate": 2e-4,
        "discriminator_learning_rate": 2e-4,
    }
    system = tiny.system(tmp_path, stage=settings)
    stage = tiny.stage(system, steps=60)
    rate = stage.optimizer._learning_rate
    # Ten steps an epoch, two of the generator's in each.
    rates = [float(rate(step)) for step in (0, 39, 40, 80)]
    assert rates == pytest.approx([2e-4, 2e-4, 1e-4, 5e-5])
    rate = stage.image_optimizer._learning_rate
    assert float(rate(20)) == pytest.approx(1e-4)
    assert stage.optimizer.beta_1 == 0.5


def test_a_benchmark_may_make_fewer_steps_than_epochs(tmp_path):
    settings = {
        "halve_every_epochs": 2,
        "epochs": 60,
        "generator_learning_rate": 1e-3,
    }
    stage = tiny.stage(tiny.system(tmp_path, stage=settings), steps=25)
    assert float(stage.optimizer.learning_rate) == pytest.approx(1e-3)
