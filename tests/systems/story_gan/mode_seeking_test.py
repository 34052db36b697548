"""StoryGAN's seeds are to differ in what the words leave open."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.systems.story_gan import losses
from tfstory.systems.story_gan.noise import Noise

NAME = "mode_seeking_loss"
OTHERS = ("image_loss", "story_loss", "kl_loss", "l1_loss", "l2_loss")


def test_it_is_the_distance_of_noises_by_that_of_their_pictures():
    one = Noise(tf.constant([[0.0, 1.0], [1.0, 1.0]]), tf.zeros([2, 2, 1]))
    other = Noise(
        tf.constant([[3.0, 0.0], [1.0, 1.0]]),
        tf.constant([[[1.0], [-1.0]], [[0.0], [0.0]]]),
    )
    pictures = tf.reshape([0.5, 0.0], [2, 1, 1, 1, 1])
    loss = losses.mode_seeking_loss(
        (one, other), (pictures, tf.fill([2, 1, 1, 1, 1], 0.25))
    )
    # (3 + 1 + 1 + 1) / 4 over 1 / 4; and noises that are the same.
    assert float(loss.share) == pytest.approx((1.5 / 0.25 + 0.0) / 2, rel=1e-4)
    assert float(loss.weight) == 2


def test_pictures_that_are_the_same_have_a_finite_loss():
    noise = Noise(tf.zeros([1, 2]), tf.zeros([1, 1, 1]))
    other = Noise(tf.ones([1, 2]), tf.ones([1, 1, 1]))
    same = tf.zeros([1, 1, 2, 2, 3])
    loss = losses.mode_seeking_loss((noise, other), (same, same))
    assert np.isfinite(float(loss.share)) and float(loss.share) > 1e4


def test_noise_shows_more_when_it_is_trained(tmp_path):
    weights = {**dict.fromkeys(OTHERS, 0.0), NAME: 1.0}
    system = tiny.system(
        tmp_path,
        stage={"loss_weights": weights, "generator_learning_rate": 0.01},
    )
    stage = tiny.stage(system)
    batch = tiny.pictured(system)

    def loss():
        found = stage.generator_losses(batch, training=False)
        return float(found[NAME].share)

    before = loss()
    for _ in range(5):
        stage.train_generator(batch)
    assert loss() < 0.5 * before


def test_without_a_weight_stories_are_drawn_once(tmp_path, monkeypatch):
    system = tiny.system(tmp_path)
    stage = tiny.stage(system)
    paint, drawn = system.generator.paint, []
    monkeypatch.setattr(
        system.generator,
        "paint",
        lambda *args, **words: drawn.append(1) or paint(*args, **words),
    )
    parts = stage.generator_losses(tiny.pictured(system), training=False)
    assert NAME not in parts
    assert len(drawn) == 1
