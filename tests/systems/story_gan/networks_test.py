"""StoryGAN's networks against the seed's equations."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.layers.spectral_normalization import SpectralNormalization
from tfstory.losses.divergence import kl_to_standard_normal
from tfstory.systems.story_gan import noise
from tfstory.systems.story_gan.context import ContextCell, ContextEncoder
from tfstory.systems.story_gan.discriminators import (
    ImageDiscriminator,
    StoryDiscriminator,
)
from tfstory.systems.story_gan.model import (
    Discriminators,
    Generator,
    Scenes,
)

LENGTH = 6
VOCABULARY = 9
# As the seed document has it: painted from gists alone.
MODEL = tiny.config(attention_hops=0, gist_with_reading=False).model


def _normal(shape, seed=0):
    return tf.random.stateless_normal(shape, [seed, 7])


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(2)
    return Generator(MODEL, tiny.SIZE, VOCABULARY, LENGTH)


def _tokens(*words):
    return [1, *words, 2, *[0] * (LENGTH - 2 - len(words))]


def test_the_first_context_is_mean_and_scaled_noise(generator):
    tokens = tf.constant([[_tokens(4, 5), _tokens(6)]])
    drawn = noise.Noise(_normal([1, 8]), tf.zeros([1, 2, 3]))
    reading = generator.read(tokens, drawn)
    np.testing.assert_allclose(
        reading.context,
        reading.mean + np.exp(reading.log_variance / 2) * drawn.context,
        rtol=1e-5,
    )
    middle = generator.read(tokens, generator.no_noise(1, 2))
    np.testing.assert_allclose(middle.context, reading.mean, rtol=1e-5)


def test_the_painter_may_see_the_reading_beside_the_gist():
    keras.utils.set_random_seed(3)
    cell = ContextCell(4, 6, 3, 2, False, True)
    inputs, state, context = (
        _normal([2, 5]),
        _normal([2, 4], 1),
        _normal([2, 6]),
    )
    gist, (read, _) = cell(inputs, [state, context])
    assert gist.shape == [2, 6 * 2 + 4] and cell.output_size == 16
    np.testing.assert_allclose(gist[:, 12:], read)
    alone, _ = cell._text2gist(read, context)
    np.testing.assert_allclose(gist[:, :12], alone, atol=1e-6)


def test_the_kl_has_a_gradient(generator):
    """The story encoder is called, and learns from its divergence."""
    tokens = tf.constant(
        [[_tokens(4, 5), _tokens(6)], [_tokens(7), _tokens(5, 5)]]
    )

    def kl():
        reading = generator.read(tokens, generator.no_noise(2, 2))
        divergence = kl_to_standard_normal(reading.mean, reading.log_variance)
        return tf.reduce_mean(divergence)

    encoder = generator.story_encoder
    # Away from the prior, where the gradient vanishes.
    encoder._mean.bias.assign(tf.ones([8]))
    encoder._log_variance.bias.assign(tf.ones([8]))
    variables = [v.value for v in encoder.trainable_variables]
    with tf.GradientTape() as tape:
        value = kl()
    assert float(value) > 0
    gradients = tape.gradient(value, variables)
    for variable, gradient in zip(variables, gradients, strict=True):
        start, size = variable.numpy(), np.abs(gradient.numpy())
        index = np.unravel_index(np.argmax(size), size.shape)
        assert size[index] > 1e-3, variable.name
        values = []
        for sign in (1, -1):
            moved = start.copy()
            moved[index] += sign * 0.05
            variable.assign(moved)
            values.append(float(kl()))
        variable.assign(start)
        slope = (values[0] - values[1]) / 0.1
        assert float(gradient[index]) == pytest.approx(
            slope, rel=0.02, abs=1e-4
        )


def test_the_context_carries_on_frame_by_frame():
    keras.utils.set_random_seed(4)
    encoder = ContextEncoder(4, 5, 3, 2)
    sentences, drawn, first = (
        _normal([2, 3, 4], 1),
        _normal([2, 3, 2], 2),
        _normal([2, 5], 3),
    )
    gists = encoder(sentences, drawn, first)
    assert gists.shape == [2, 3, 10]
    cell = encoder.layers[0].cell
    state, context = tf.zeros([2, 4]), first
    for frame in range(3):
        inputs = tf.concat([sentences[:, frame], drawn[:, frame]], axis=-1)
        gist, (state, context) = cell(inputs, [state, context])
        np.testing.assert_allclose(gists[:, frame], gist, atol=1e-5)
    # What comes later changes nothing before it.
    shorter = encoder(sentences[:, :2], drawn[:, :2], first)
    np.testing.assert_allclose(gists[:, :2], shorter, atol=1e-6)


def test_the_loops_are_in_the_graph(generator):
    """However long the story, the graph has as many nodes."""
    three, twelve = (
        tiny.nodes(generator, frames, LENGTH) for frames in (3, 12)
    )
    assert three == twelve


def test_all_frames_are_painted_as_each_by_itself(generator):
    gists = _normal([2, 3, 16])
    painted = generator.paint(Scenes(gists, None))
    assert painted.shape == [2, 3, tiny.SIZE, tiny.SIZE, 3]
    assert 0 <= float(tf.reduce_min(painted))
    assert float(tf.reduce_max(painted)) <= 1
    np.testing.assert_allclose(
        painted[1, 2], generator.image_generator(gists[1, 2:])[0], atol=1e-5
    )


@pytest.mark.parametrize("size", [16, 64])
def test_pictures_have_the_size_asked_for(size):
    painted = Generator(MODEL, size, VOCABULARY, LENGTH).paint(
        Scenes(_normal([1, 1, 16]), None)
    )
    assert painted.shape == [1, 1, size, size, 3]


@pytest.mark.parametrize("spectral", [True, False])
def test_the_story_logit_is_the_product_of_both_encodings(spectral):
    network = StoryDiscriminator(16, 4, 5, "none", spectral)
    shown, told = tf.random.uniform([2, 3, 16, 16, 3]), _normal([2, 3, 7])
    network(shown, told)
    logit = network._logit
    logit.bias.assign([0.3])
    encoded = network.features(shown)
    w = logit.kernel.numpy()[:, 0]
    # With one feature of E_img switched on, the logit tells E_text's.
    text = [
        float(network.match(tf.eye(5)[i : i + 1], told[:1])[0] - 0.3) / w[i]
        for i in range(5)
    ]
    np.testing.assert_allclose(
        network(shown, told)[0], np.dot(w, encoded[0] * text) + 0.3, atol=1e-5
    )


@pytest.mark.parametrize("spectral", [True, False])
def test_the_image_logit_minds_picture_sentence_and_story(spectral):
    network = ImageDiscriminator(16, 4, 5, "none", spectral)
    arguments = [
        tf.random.uniform([2, 16, 16, 3]),
        _normal([2, 7], 1),
        _normal([2, 8], 2),
    ]
    logits = network(*arguments)
    assert logits.shape == [2]
    for index, value in enumerate(arguments):
        others = list(arguments)
        others[index] = tf.reverse(value, [0])
        assert np.abs(network(*others) - logits).min() > 1e-6


def test_spectral_norms_are_right_from_the_beginning():
    networks = Discriminators(MODEL, tiny.SIZE).networks.values()
    layers = [
        layer
        for network in networks
        for layer in network._flatten_layers()
        if isinstance(layer, SpectralNormalization)
    ]
    # Two convolutions of each trunk, and three layers after it.
    assert len(layers) == 2 * (2 + 3)
    for layer in layers:
        kernel = layer.layer.kernel.numpy()
        kernel = kernel.reshape(-1, kernel.shape[-1])
        assert float(layer.norm()) == pytest.approx(
            np.linalg.norm(kernel, 2), rel=0.05
        )
