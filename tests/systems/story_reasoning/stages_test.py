"""StoryReasoning's two stages: losses, and what they train."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_reasoning import tiny
from tfstory.systems.story_reasoning import choosing, stages

STAGES = {"autoencoder": 0, "sequence": 1}


def _stage(system, name, steps=10):
    return system.stages()[STAGES[name]].build(steps)


def _weights(system):
    return {
        f"{name}/{variable.path}": variable.numpy()
        for name, network in system.networks.items()
        for variable in network.weights
    }


def test_autoencoder_loss_is_the_mean_absolute_error(tmp_path):
    system = tiny.system(tmp_path)
    prepared = system.prepare(tiny.raw_batch())
    stage = _stage(system, "autoencoder")
    frames = prepared["images"].numpy().reshape([-1, 16, 16, 3]) / 255.0
    decoded = system.model.decoder(system.model.encoder(frames))
    loss = stage.compute_losses(prepared, training=False)["loss"].share
    np.testing.assert_allclose(
        loss, np.mean(np.abs(decoded - frames)), rtol=1e-5
    )


def test_sequence_loss_is_the_weighted_sum_of_its_parts(tmp_path):
    # A picture that follows its caption is measured by another one.
    system = tiny.system(tmp_path, picture_follows_caption=False)
    weights = {
        "caption_loss": 2.0,
        "image_loss": 3.0,
        "latent_loss": 0.5,
        "paint_loss": 0.7,
        "choice_loss": 0.9,
    }
    system.config.model.loss_weights.update(weights)
    prepared = system.prepare(tiny.raw_batch())
    stage = _stage(system, "sequence")
    parts = stage.compute_losses(prepared, False)
    losses = {name: part.share for name, part in parts.items()}
    np.testing.assert_allclose(
        stage.loss_share(parts),
        sum(weight * losses[name] for name, weight in weights.items()),
        rtol=1e-6,
    )
    sums = system.evaluate(prepared)
    np.testing.assert_allclose(
        losses["caption_loss"],
        np.sum(sums["nll"]) / np.sum(sums["tokens"]),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        losses["image_loss"],
        np.sum(sums["absolute_error"]) / np.sum(sums["pixels"]),
        rtol=1e-5,
    )


def test_changed_pixels_weigh_as_much_as_the_others():
    last = np.zeros([1, 2, 2, 3], np.float32)
    target = last.copy()
    target[0, 0, 0, 1] = 0.5  # One pixel of four.
    weights = stages.change(last, target).numpy()
    np.testing.assert_allclose(weights[0, ..., 0], [[4, 4 / 3], [4 / 3] * 2])
    same = stages.change(last, last).numpy()
    np.testing.assert_allclose(same, same[0, 0, 0, 0])
    assert same.shape == (1, 2, 2, 1)


def test_without_a_refiner_nothing_is_painted_or_chosen(tmp_path):
    system = tiny.system(tmp_path, "seed")
    parts = _stage(system, "sequence").compute_losses(
        system.prepare(tiny.raw_batch()), training=False
    )
    assert set(parts) == {"caption_loss", "image_loss", "latent_loss"}


def test_the_choice_loss_weighs_changing_blocks_up(tmp_path):
    system = tiny.system(tmp_path)
    prepared = tiny.with_unequal_changes(system.prepare(tiny.raw_batch()))
    parts = _stage(system, "sequence").compute_losses(prepared, training=False)
    frames = prepared["images"].numpy() / np.float32(255)
    context = system.model.read(frames[:, :-1], prepared["tokens"])
    drawing = system.model.next_frame(context)
    unlikeliness = choosing.negative_log_likelihood(
        drawing.choices, frames[:, :-1], drawing.painted, frames[:, -1], 0.05
    )
    changes = stages.change(frames[:, -2], frames[:, -1]).numpy()[..., 0]
    blocks = changes.reshape([-1, 8, 2, 8, 2]).mean(axis=(2, 4))
    np.testing.assert_allclose(
        parts["choice_loss"].share,
        np.average(unlikeliness, weights=2 / 3 + blocks / 6),
        rtol=1e-5,
    )


@pytest.mark.parametrize("name", list(STAGES))
def test_validation_shows_the_loss_of_its_parts(tmp_path, name):
    system = tiny.system(tmp_path)
    stage = _stage(system, name)
    prepared = system.prepare(tiny.raw_batch())
    batches = tf.data.Dataset.from_tensors(prepared)
    stage.run_eagerly = True
    shown = stage.evaluate(batches, return_dict=True, verbose=0)
    parts = stage.compute_losses(prepared, training=False)
    np.testing.assert_allclose(
        shown["loss"], stage.loss_share(parts), rtol=1e-5
    )


@pytest.mark.parametrize("train_autoencoder", [True, False])
def test_sequence_trains_the_autoencoder_only_if_asked(
    tmp_path, train_autoencoder
):
    system = tiny.system(tmp_path, train_autoencoder=train_autoencoder)
    before = _weights(system)
    _stage(system, "sequence").train_step(system.prepare(tiny.raw_batch()))
    after = _weights(system)
    changed = {
        name.split("/")[0]
        for name in before
        if not np.array_equal(before[name], after[name])
    }
    others = {
        "caption_encoder",
        "context",
        "memory",
        "next_picture",
        "caption_decoder",
        "refiner",
    }
    autoencoder = {"encoder", "decoder"} if train_autoencoder else set()
    assert changed == others | autoencoder


def test_the_latent_loss_moves_the_target_where_trained_end_to_end(tmp_path):
    """Else latents grow without bound: see `Sequence.compute_losses`."""
    system = tiny.system(tmp_path, "seed")
    weights = dict.fromkeys(system.config.model.loss_weights, 0.0)
    system.config.model.loss_weights.update({**weights, "latent_loss": 1.0})
    stage = _stage(system, "sequence")
    encoder = system.model.encoder
    target_latents = []

    def encode(frames, training):
        latents = type(encoder).__call__(encoder, frames, training=training)
        if not training:  # The target's, apart from the context's.
            target_latents.append(latents)
        return latents

    system.model.encoder = encode
    with tf.GradientTape() as tape:
        loss = stage.loss_share(
            stage.compute_losses(
                system.prepare(tiny.raw_batch()), training=True
            )
        )
    (latent,) = target_latents
    gradient = tape.gradient(loss, latent)
    assert np.all(np.abs(gradient).sum(axis=1) > 0)
