"""The adversarial stage: losses, who learns, the average, replicas."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems import batches as batches_lib
from tests.systems.face_gan import tiny
from tfstory.systems.face_gan.noise import StepNoise

STEPS = 3


def _stage(system):
    return system.stages()[0].build(10)


def _sgd(stage):
    """Gives the players optimizers that do not blow up rounding, as Adam."""
    stage.compile(optimizer=keras.optimizers.SGD(0.1))
    stage.discriminator_optimizer = keras.optimizers.SGD(0.1)
    stage.build_optimizers()


def _weights(networks):
    return {
        name: [weight.numpy() for weight in network.weights]
        for name, network in networks.items()
    }


def _changed(before, after):
    return {
        name
        for name in before
        if any(
            not np.array_equal(a, b)
            for a, b in zip(before[name], after[name], strict=True)
        )
    }


def _batches(system, count=4, repeat=1):
    prepared = system.prepare(tiny.raw_batch(count))
    return tf.data.Dataset.from_tensors(prepared).repeat(repeat)


@pytest.mark.parametrize("name", ["celeba", "seed"])
def test_players_and_their_average_learn_and_nothing_else(name):
    system = tiny.system(name)
    before = _weights(system.networks)
    _stage(system).fit(_batches(system), verbose=0)
    after = _weights(system.networks)
    assert _changed(before, after) == {"generator", "average", "discriminator"}
    for player in ("generator", "discriminator"):
        for weight, old, new in zip(
            system.networks[player].weights,
            before[player],
            after[player],
            strict=True,
        ):
            assert not weight.trainable or np.any(old != new), weight.path


def test_losses_are_those_of_the_logits():
    system = tiny.system(loss="minimax", r1_weight=2.0)
    stage = _stage(system)
    batches = _batches(system)
    shown = stage.evaluate(batches, return_dict=True, verbose=0)
    batch = next(iter(batches))
    real = tf.cast(batch["pictures"], tf.float32) / 255.0
    seeds = tf.stack([batch["seed"], tf.zeros_like(batch["seed"])], axis=1)
    fake = system.model.draw(seeds)
    discriminate = system.model.discriminator
    real_probability = tf.sigmoid(discriminate(real))
    fake_probability = tf.sigmoid(discriminate(fake))
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = tf.reduce_sum(discriminate(real))
    squares = np.sum(np.square(tape.gradient(logits, real)), axis=(1, 2, 3))
    expected = {
        "real_loss": -np.mean(np.log(real_probability)),
        "fake_loss": -np.mean(np.log(1.0 - fake_probability)),
        "generator_loss": np.mean(np.log(1.0 - fake_probability)),
        "penalty": 0.5 * np.mean(squares),
    }
    for part, value in expected.items():
        np.testing.assert_allclose(shown[part], value, rtol=1e-4)
    np.testing.assert_allclose(
        shown["loss"],
        sum(expected.values()) + expected["penalty"],
        rtol=1e-4,
    )


def test_validation_draws_each_picture_once(monkeypatch):
    system = tiny.system()
    draw, drawn = system.model.draw, []

    def counting(seeds):
        drawn.extend(map(tuple, seeds.numpy()))
        return draw(seeds)

    monkeypatch.setattr(system.model, "draw", counting)
    _stage(system).test_step(next(iter(_batches(system))))
    assert len(set(drawn)) == len(drawn) == 8


def test_the_discriminator_takes_its_steps_and_then_the_generator():
    system = tiny.system(discriminator_steps=3, generator_steps=2)
    stage = _stage(system)
    for batch in _batches(system, repeat=2):
        stage.train_step(batch)
    assert int(stage.discriminator_optimizer.iterations) == 6
    assert int(stage.optimizer.iterations) == 4


def test_spectral_norms_follow_every_step_of_the_discriminator():
    """One power iteration each (Miyato et al. 2018, algorithm 1)."""
    system = tiny.system(
        discriminator_steps=3, discriminator_learning_rate=0.0,
        model={"ema_decay": 0.0},
    )  # fmt: skip
    layers = system.model.discriminator.spectral_layers
    for layer in layers:
        # From anew, so that an iteration more or less shows.
        layer.direction.assign(tf.ones_like(layer.direction))
    first = [layer.direction.numpy() for layer in layers]
    for layer in layers:
        for _ in range(3):
            layer.update()
    expected = [layer.direction.numpy() for layer in layers]
    for layer, direction in zip(layers, first, strict=True):
        layer.direction.assign(direction)
    _stage(system).train_step(next(iter(_batches(system))))
    for layer, direction in zip(layers, expected, strict=True):
        np.testing.assert_allclose(layer.direction, direction, atol=1e-6)


def test_every_step_has_noise_of_its_own():
    def drawn(step, seed=3):
        noise = StepNoise(seed, tf.constant(step), tf.constant(2))
        return [noise.latents(5), noise.augmentation(), noise.latents(5),
                noise.augmentation()]  # fmt: skip

    seen = [*drawn(0), *drawn(1), *drawn(0, seed=4)]
    assert len({value.numpy().tobytes() for value in seen}) == len(seen)
    for one, same in zip(drawn(1), drawn(1), strict=True):
        np.testing.assert_array_equal(one, same)


def test_the_discriminator_learns_to_tell_real_from_fake():
    system = tiny.system(augmentation=(), r1_weight=0.0, generator_steps=1,
                         generator_learning_rate=0.0,
                         discriminator_learning_rate=1e-2)  # fmt: skip
    history = _stage(system).fit(
        _batches(system, count=8, repeat=30), verbose=0, epochs=2,
        steps_per_epoch=15,
    ).history  # fmt: skip
    assert history["real_loss"][-1] < 0.7 * history["real_loss"][0]
    assert history["fake_loss"][-1] < 0.7 * history["fake_loss"][0]


def test_the_generator_follows_the_discriminator():
    """Against a discriminator that stands still its loss falls."""
    system = tiny.system(augmentation=(), r1_weight=0.0,
                         generator_learning_rate=1e-2,
                         discriminator_learning_rate=0.0)  # fmt: skip
    history = _stage(system).fit(
        _batches(system, count=8, repeat=30), verbose=0, epochs=2,
        steps_per_epoch=15,
    ).history  # fmt: skip
    assert history["generator_loss"][-1] < history["generator_loss"][0] - 1e-3


@pytest.mark.parametrize("generator_steps", [1, 2])
def test_the_penalty_is_taken_for_every_nth_batch_n_times_as_heavy(
    generator_steps,
):
    system = tiny.system(
        generator_steps=generator_steps,
        r1_every=2, augmentation=(), generator_learning_rate=0.0,
        discriminator_learning_rate=0.0,
    )  # fmt: skip
    stage = _stage(system)
    # Where spectral norms have settled, a step changes nothing.
    for layer in system.model.discriminator.spectral_layers:
        for _ in range(200):
            layer.update()
    batches = _batches(system)
    alone = stage.evaluate(batches, return_dict=True, verbose=0)["penalty"]
    shown = stage.fit(batches.repeat(2), verbose=0).history["penalty"][-1]
    np.testing.assert_allclose(shown, alone, rtol=1e-3)
    assert alone > 0


@pytest.mark.parametrize("generator_steps", [1, 2])
def test_the_average_moves_by_its_decay(generator_steps):
    system = tiny.system(
        generator_steps=generator_steps,
        model={"ema_decay": 0.2},
        generator_learning_rate=0.1,
    )
    stage = _stage(system)
    expected = _weights({"average": system.model.average})["average"]
    for step in range(4):
        stage.train_step(next(iter(_batches(system))))
        decay = min(0.2, (2 + step) / (11 + step))
        expected = [
            decay * mean + (1 - decay) * weight.numpy()
            for mean, weight in zip(
                expected, system.model.generator.weights, strict=True
            )
        ]
    for mean, value in zip(system.model.average.weights, expected, strict=True):
        np.testing.assert_allclose(mean.numpy(), value, atol=1e-6)


def test_without_decay_the_average_is_the_generator():
    system = tiny.system("seed")
    _stage(system).fit(_batches(system, repeat=2), verbose=0)
    networks = _weights(system.model.networks)
    for mean, weight in zip(
        networks["average"], networks["generator"], strict=True
    ):
        np.testing.assert_allclose(mean, weight, atol=1e-7)


@pytest.mark.parametrize("name", ["celeba", "seed"])
def test_two_replicas_equal_one_device(two_replicas, name):
    """Shards of 2 and 1 pictures; the average and the spectra too."""
    raw = tiny.raw_batch(3, seed=1)

    def trained(strategy):
        with strategy.scope():
            system = tiny.system(
                name,
                discriminator_steps=2,
                r1_every=2,
                model={"ema_decay": 0.5},
            )
            stage = _stage(system)
            _sgd(stage)
        prepared = system.prepare(raw)
        history = batches_lib.fit(stage, strategy, [(prepared, 2)] * STEPS)
        return _weights(system.networks), history

    one, one_history = trained(tf.distribute.get_strategy())
    two, two_history = trained(two_replicas)
    for part, values in one_history.items():
        np.testing.assert_allclose(
            two_history[part], values, rtol=1e-4, atol=1e-6, err_msg=part
        )
    for network, values in one.items():
        for other, value in zip(two[network], values, strict=True):
            np.testing.assert_allclose(other, value, atol=2e-5, err_msg=network)


def test_a_replica_may_have_no_picture(two_replicas):
    """As in a last batch smaller than the replicas."""

    def made(strategy):
        with strategy.scope():
            system = tiny.system(r1_every=1, r1_weight=0.5)
            stage = _stage(system)
            _sgd(stage)
        networks = system.networks.values()
        return stage, [weight for net in networks for weight in net.weights]

    batches_lib.check_a_replica_of_none(
        made, two_replicas, tiny.system().prepare(tiny.raw_batch(1))
    )


def test_replicas_have_the_parts_of_one_devices_noise(two_replicas):
    expected = StepNoise(3, tf.constant(0), tf.constant(3))
    expected = [expected.latents(4), expected.augmentation()]

    @tf.function
    def draw():
        def of_replica():
            context = tf.distribute.get_replica_context()
            count = 2 - context.replica_id_in_sync_group
            noise = StepNoise(3, tf.constant(0), count)
            return noise.latents(4), noise.augmentation()

        return two_replicas.run(of_replica)

    for values, whole in zip(draw(), expected, strict=True):
        parts = two_replicas.experimental_local_results(values)
        assert [len(part) for part in parts] == [2, 1]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
