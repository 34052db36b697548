"""face_gan's networks."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.face_gan import tiny
from tfstory.systems.face_gan.interpolation import between


@pytest.mark.parametrize("name", ["celeba", "seed"])
def test_pictures_lie_in_the_unit_range(name):
    model = tiny.system(name).model
    drawn = model.draw(tf.constant([[0, 0], [0, 1], [5, 0]], tf.int64))
    assert drawn.shape == (3, tiny.SIZE, tiny.SIZE, 3)
    assert drawn.dtype == tf.float32
    assert 0.0 <= np.min(drawn) < np.max(drawn) <= 1.0
    assert model.discriminator(drawn).shape == (3,)


def test_no_layer_is_left_out():
    """A layer that Keras does not see is neither trained nor exported."""
    model = tiny.system("seed").model
    pixels = 3 * tiny.SIZE**2
    shapes = [tuple(w.shape) for w in model.generator.trainable_variables]
    assert shapes == [(tiny.LATENT, 8), (8,), (8, 8), (8,),
                      (8, pixels), (pixels,)]  # fmt: skip
    shapes = [tuple(w.shape) for w in model.discriminator.trainable_variables]
    assert shapes == [(pixels, 8), (8,), (4, 16), (16,), (8, 1), (1,)]
    model = tiny.system().model
    kernels = [w for w in model.generator.trainable_variables
               if len(w.shape) > 1]  # fmt: skip
    assert [tuple(w.shape) for w in kernels] == [
        (tiny.LATENT, 128), (4, 4, 6, 8), (4, 4, 4, 6), (3, 3, 4, 3),
    ]  # fmt: skip
    # Kernel and bias of three layers; two have a direction besides.
    assert len(model.discriminator.trainable_variables) == 6
    assert len(model.discriminator.weights) == 8


@pytest.mark.parametrize("name", ["celeba", "seed"])
def test_no_logit_depends_on_another_picture(name):
    """As the penalty R1 needs it, and replicas do."""
    discriminate = tiny.system(name).model.discriminator
    pictures = np.random.default_rng(0).random((3, tiny.SIZE, tiny.SIZE, 3))
    together = discriminate(tf.constant(pictures, tf.float32))
    alone = discriminate(tf.constant(pictures[1:2], tf.float32))
    np.testing.assert_allclose(together[1:2], alone, rtol=1e-4)


def test_the_first_logits_are_moderate():
    """Spectral norms are known before the first step."""
    discriminator = tiny.system().model.discriminator
    for layer in discriminator.spectral_layers:
        kernel = (layer.layer.kernel / layer.norm()).numpy()
        norm = np.linalg.norm(kernel.reshape([-1, kernel.shape[-1]]), 2)
        assert norm == pytest.approx(1.0, abs=0.05)


def test_the_average_begins_as_the_generator():
    model = tiny.system().model
    for mean, weight in zip(
        model.average.weights, model.generator.weights, strict=True
    ):
        np.testing.assert_array_equal(mean.numpy(), weight.numpy())
    assert model.average.trainable_variables == []


def test_ways_keep_to_the_arc():
    first, last = tf.constant([[3.0, 0.0]]), tf.constant([[0.0, 3.0]])
    half = np.sqrt(0.5) * 3
    for share, expected in ((0.0, [3, 0]), (0.5, [half, half]), (1.0, [0, 3])):
        found = between(first, last, tf.constant([share]))
        np.testing.assert_allclose(found, [expected], atol=1e-6)


@pytest.mark.parametrize("factor", [1.0, -1.0])
def test_ways_without_an_arc_are_lines(factor):
    first = tf.constant([[3.0, 4.0]])
    found = between(first, factor * first, tf.constant([0.25]))
    np.testing.assert_allclose(found, (0.75 + 0.25 * factor) * first, atol=1e-2)
