"""What the image generator may look at, and where."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.systems.story_gan import noise
from tfstory.systems.story_gan.looking import MapAttention
from tfstory.systems.story_gan.model import Generator, Scenes
from tfstory.systems.story_gan.phrases import PhraseMemory, Phrases

LENGTH = 6
VOCABULARY = 9
# Eight of the context for each of two filters, and six of the reading.
GIST = 8 * 2 + 6


def _normal(shape, seed=0):
    return tf.random.stateless_normal(shape, [seed, 7])


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(2)
    model = tiny.config(attention_hops=2).model
    return Generator(model, tiny.SIZE, VOCABULARY, LENGTH)


def _tokens(*words):
    return [1, *words, 2, *[0] * (LENGTH - 2 - len(words))]


def test_phrases_are_as_defined():
    """Against NumPy: greatest of four words, moved by gist and age."""
    keras.utils.set_random_seed(1)
    memory = PhraseMemory(3)
    tokens = tf.constant([[[1, 4, 5, 6, 7, 2], [1, 4, 2, 0, 0, 0]]])
    words, gists = _normal([1, 2, 6, 5]), _normal([1, 2, 4], 1)
    values, told = memory(words, tokens, gists)
    assert values.shape == [1, 2, 4, 3]
    # Two phrases of the first sentence, one of the second.
    np.testing.assert_array_equal(
        told[0], [[True, True, False, False], [True, True, True, False]]
    )
    x = words[0].numpy()
    greatest = [x[0, :4].max(0), x[0, 4:].max(0), x[1, :3].max(0)]
    age = memory._of_age.embeddings.numpy()
    for frame, phrase, old in [(0, 0, 0), (0, 1, 0), (1, 1, 1), (1, 2, 0)]:
        mixed = (
            greatest[phrase] @ memory._of_words.kernel.numpy()
            + memory._of_words.bias.numpy()
            + gists[0, frame].numpy() @ memory._of_gist.kernel.numpy()
            + age[old]
        )
        expected = np.maximum(mixed, 0) @ memory._out.kernel.numpy()
        np.testing.assert_allclose(
            values[0, frame, phrase], expected, atol=1e-5
        )


def test_sentences_of_long_ago_are_all_as_old():
    memory = PhraseMemory(3)
    tokens = tf.tile(tf.constant([[[1, 4, 2, 0]]]), [1, 12, 1])
    words = tf.tile(_normal([1, 1, 4, 5]), [1, 12, 1, 1])
    values, told = memory(words, tokens, tf.zeros([1, 12, 4]))
    assert np.all(told[0, 11])
    last = values[0, 11]
    np.testing.assert_allclose(last[0], last[4], atol=1e-6)
    assert np.abs(last[4] - last[5]).max() > 1e-4


def test_padding_is_no_phrase():
    memory = PhraseMemory(3)
    words, gists = _normal([1, 1, 8, 5]), _normal([1, 1, 4], 1)
    tokens = tf.constant([[[1, 4, 2, 0, 0, 0, 0, 0]]])
    longer = memory(words, tokens, gists)
    shorter = memory(words[:, :, :3], tokens[:, :, :3], gists)
    np.testing.assert_array_equal(longer.told, [[[True, False]]])
    np.testing.assert_allclose(
        longer.values[0, 0, 0], shorter.values[0, 0, 0], atol=1e-6
    )
    assert np.all(np.isfinite(longer.values))


def test_places_see_what_was_told_and_nothing_else():
    keras.utils.set_random_seed(3)
    look = MapAttention(4, 8, 2)
    x, phrases = _normal([2, 4, 4, 5]), _normal([2, 3, 8], 1)
    told = tf.constant([[True, False, True], [True, True, False]])
    with tf.GradientTape() as tape:
        tape.watch(phrases)
        seen = look(x, phrases, told)
        value = tf.reduce_sum(seen * _normal(seen.shape, 2))
    assert seen.shape == [2, 4, 4, 8]
    strength = tf.reduce_max(tf.abs(tape.gradient(value, phrases)), axis=-1)
    np.testing.assert_array_equal(strength > 1e-6, told)


def test_places_are_told_apart():
    """On a map that is the same everywhere, no two see the same."""
    look = MapAttention(4, 8, 1)
    told = tf.ones([1, 3], tf.bool)
    seen = look(tf.ones([1, 4, 4, 5]), _normal([1, 3, 8]), told)
    places = np.reshape(seen, [16, 8])
    apart = np.abs(places[:, np.newaxis] - places).max(axis=-1)
    assert np.all(apart[~np.eye(16, dtype=bool)] > 1e-3)


def test_a_picture_minds_each_sentence_so_far_and_none_after_it(generator):
    tokens = tf.constant([[_tokens(4, 5), _tokens(6), _tokens(7, 8, 4)]])
    gists = _normal([1, 3, GIST])

    def painted(tokens):
        words = generator.sentence_encoder(tokens).words
        phrases = generator.phrase_memory(words, tokens, gists)
        return generator.paint(Scenes(gists, phrases))

    reading = generator.read(tokens, generator.no_noise(1, 3))
    assert reading.scenes.gists.shape == gists.shape
    before = painted(tokens)
    changed = tokens.numpy()
    changed[0, 1] = _tokens(8, 8)
    difference = np.abs(painted(tf.constant(changed)) - before)
    difference = difference.max(axis=(0, 2, 3, 4))
    assert difference[0] < 1e-6
    assert difference[1] > 1e-5 and difference[2] > 1e-5


def test_all_frames_are_painted_as_each_by_itself(generator):
    gists = _normal([2, 3, GIST])
    phrases = Phrases(
        _normal([2, 3, 4, 8], 1), _normal([2, 3, 4], 2) + 1.0 > 0.0
    )
    painted = generator.paint(Scenes(gists, phrases))
    alone = generator.image_generator(
        gists[1, 2:], Phrases(phrases.values[1, 2:], phrases.told[1, 2:])
    )
    np.testing.assert_allclose(painted[1, 2], alone[0], atol=1e-5)


def test_one_frame_after_the_other_is_all_at_once(generator):
    tokens = tf.constant(
        [
            [_tokens(4, 5), _tokens(6), _tokens(7, 8, 4)],
            [_tokens(8), _tokens(5, 5, 6, 7), _tokens(4)],
        ]
    )
    drawn = noise.Noise(_normal([2, 8]), _normal([2, 3, 3], 1))
    at_once = generator.paint(generator.read(tokens, drawn).scenes)
    np.testing.assert_allclose(
        generator.stories(tokens, drawn), at_once, atol=1e-5
    )


def test_drawing_takes_memory_in_proportion_to_the_length(
    generator, monkeypatch
):
    """By the largest tensor that a dense layer is given."""
    dense, sizes = keras.layers.Dense.call, []

    def call(layer, inputs, **arguments):
        sizes.append(int(tf.size(inputs)))
        return dense(layer, inputs, **arguments)

    monkeypatch.setattr(keras.layers.Dense, "call", call)
    largest = []
    for frames in (20, 40):
        sizes.clear()
        tokens = tf.tile([[_tokens(4, 5)]], [4, frames, 1])
        generator.stories(tokens, generator.no_noise(4, frames))
        largest.append(max(sizes))
    assert largest[1] <= 2 * largest[0]


def test_the_graph_is_no_larger_for_a_longer_story(generator):
    three, twelve = (
        tiny.nodes(generator, frames, LENGTH) for frames in (3, 12)
    )
    assert three == twelve
