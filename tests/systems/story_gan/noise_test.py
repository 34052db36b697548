"""Noise of a step, of a validation batch and of stories' own seeds."""

import numpy as np
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.systems.story_gan import noise, pairs


def _of(seeds, frames=3):
    return noise.of_seeds(tf.constant(seeds, tf.int64), frames, 4, 2)


def test_a_storys_noise_depends_on_its_seed_alone():
    both, one = _of([5, -3]), _of([-3])
    assert both.context.shape == [2, 4]
    assert both.frames.shape == [2, 3, 2]
    for ours, alone in zip(both, one, strict=True):
        np.testing.assert_array_equal(ours[1:], alone)
        assert not np.array_equal(ours[0], ours[1])


def test_no_story_has_no_noise():
    drawn = _of([])
    assert drawn.context.shape == [0, 4] and drawn.frames.shape == [0, 3, 2]


def test_a_longer_story_begins_with_the_same_noise():
    short, long = _of([5], 2), _of([5], 6)
    np.testing.assert_array_equal(short.context, long.context)
    np.testing.assert_array_equal(short.frames, long.frames[:, :2])
    frames = long.frames[0].numpy()
    assert len({tuple(frame) for frame in frames}) == 6


def test_noise_is_standard_normal():
    of_seeds = tf.function(noise.of_seeds)
    for drawn in (
        of_seeds(tf.range(500, dtype=tf.int64), 5, 4, 2),
        noise.of_step(tf.constant([1, 2]), 500, 5, 4, 2),
    ):
        for values in drawn:
            assert abs(float(tf.reduce_mean(values))) < 0.1
            assert abs(float(tf.math.reduce_std(values)) - 1) < 0.1


def test_noise_differs_between_replicas(tmp_path, two_replicas):
    with two_replicas.scope():
        stage = tiny.stage(tiny.system(tmp_path, discriminators=False))
    batch = {"images": tf.zeros([2, 5, 1])}

    def draw():
        return stage.draw_noise(batch, 2, 0, training=True).context

    drawn = tf.function(lambda: two_replicas.run(draw))()
    one, two = two_replicas.experimental_local_results(drawn)
    assert not np.array_equal(one, two)


def test_each_validation_batch_has_its_own_noise_in_every_epoch(
    tmp_path, monkeypatch
):
    system = tiny.system(tmp_path, stage={"image_batch_size": 6})
    stage = tiny.stage(system)
    drawn = []

    def spied(draw):
        def spy(seed, *arguments):
            drawn.append(tuple(seed.numpy()))
            return draw(seed, *arguments)

        return spy

    monkeypatch.setattr(noise, "of_step", spied(noise.of_step))
    monkeypatch.setattr(pairs, "choose", spied(pairs.choose))

    def seeds(batch):
        drawn.clear()
        stage.losses_in_use(batch)
        return set(drawn)

    batch, other = (tiny.pictured(system, seed=seed) for seed in (0, 1))
    before, of_other = seeds(batch), seeds(other)
    # Noise and frames, for the generator and for the discriminators.
    assert len(before) == len(of_other) == 4
    assert not before & of_other
    stage.optimizer.iterations.assign(7)
    assert seeds(batch) == before
