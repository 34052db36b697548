"""The exported StoryGAN: repeatable, for stories of any length, complete."""

import numpy as np
import pytest
import tensorflow as tf

from tests import encoded
from tests.export import ops
from tests.systems.story_gan import tiny
from tfstory import stories
from tfstory.export import saved_model
from tfstory.systems.story_gan import noise, pairs, reconstruction
from tfstory.systems.story_gan.system import StoryGan


@pytest.fixture(scope="module")
def raw():
    return {k: v.numpy() for k, v in tiny.raw_batch(3).items()}


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    system = tiny.system(tmp_path_factory.mktemp("system"))
    # As after training: the average lags behind.
    for network in system.averaged.networks.values():
        for variable in network.trainable_variables:
            variable.assign(0.5 * variable)
    return system


@pytest.fixture(scope="module")
def version_dir(system, raw, tmp_path_factory):
    model_dir = tmp_path_factory.mktemp("models")
    first = {name: value[:2] for name, value in raw.items()}
    return saved_model.export(system, str(model_dir), first)


@pytest.fixture(scope="module")
def served(version_dir):
    return tf.saved_model.load(version_dir).signatures


def _generate(served, sentences, seeds):
    return served["generate"](
        sentences=tf.constant(sentences), seed=tf.constant(seeds, tf.int64)
    )["images"].numpy()


def _examples(raw):
    return tf.constant(
        [
            stories.encode(
                stories.Story(
                    story_id=str(index),
                    source="test",
                    images=list(raw["images"][index]),
                    sentences=[s.decode() for s in raw["sentences"][index]],
                )
            ).SerializeToString()
            for index in range(len(raw["images"]))
        ]
    )


def test_the_same_seed_gives_the_same_bytes(system, version_dir, served, raw):
    sentences = raw["sentences"]
    again = tf.saved_model.load(version_dir).signatures
    one = _generate(served, sentences, [3, 4, 3])
    np.testing.assert_array_equal(one, _generate(again, sentences, [3, 4, 3]))
    here = system.signatures()["generate"](
        tf.constant(sentences), tf.constant([3, 4, 3], tf.int64)
    )
    np.testing.assert_array_equal(one, here["images"])
    same = _generate(served, sentences[[0, 0, 0]], [3, 4, 3])
    encoded.assert_alike(same[0], same[2])
    assert same[0].tolist() != same[1].tolist()
    # A row's answer does not depend on the others.
    alone = _generate(served, sentences[1:2], [4])
    encoded.assert_alike(one[1], alone[0])


@pytest.mark.parametrize("frames", [1, 2, 9])
def test_a_story_may_have_any_length(served, frames):
    drawn = _generate(served, [["the red circle"] * frames] * 2, [1, 2])
    assert drawn.shape == (2, frames)
    assert tf.io.decode_png(drawn[0, -1]).shape == (16, 16, 3)


@pytest.mark.parametrize(
    ("sentences", "seeds", "message"),
    [
        (np.zeros([1, 0], object), [1], "a story has no sentence"),
        ([["red"] * 65], [1], "too many sentences"),
        ([["red"] * 64] * 33, [1] * 33, "more than 2048 sentences"),
        ([["red"]], [1, 2], "seed has not a row a story"),
    ],
)
def test_bad_requests_are_invalid_arguments(served, sentences, seeds, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        served["generate"](
            sentences=tf.constant(sentences, tf.string),
            seed=tf.constant(seeds, tf.int64),
        )


def test_score_gives_the_discriminators_logits(system, served, raw):
    answer = served["score"](
        images=tf.constant(raw["images"]),
        sentences=tf.constant(raw["sentences"]),
    )
    prepared = system.prepare({k: tf.constant(v) for k, v in raw.items()})
    batch = reconstruction.with_pictures(prepared)
    image_logits = []
    for seed in range(8):
        drawn = noise.of_seeds(tf.constant([seed] * 3, tf.int64), 5, 8, 3)
        # What the discriminators learn from, in a step of training.
        found = pairs.make(
            system.generator, batch, drawn, None, False, True, False
        )
        logits = system.discriminators.image(*found.real)
        image_logits.append(np.reshape(logits, [3, 5]))
        story_logits = system.discriminators.story(
            found.real_stories, found.sentences
        )
    assert np.std(image_logits, axis=0).min() > 1e-4
    np.testing.assert_allclose(
        answer["image_logits"], np.mean(image_logits, axis=0), atol=1e-5
    )
    np.testing.assert_allclose(answer["story_logit"], story_logits, atol=1e-5)
    for logit, probability in (
        ("image_logits", "image_probabilities"),
        ("story_logit", "story_probability"),
    ):
        np.testing.assert_allclose(
            answer[probability], 1 / (1 + np.exp(-answer[logit])), rtol=1e-5
        )


def test_score_wants_a_sentence_a_picture(served, raw):
    with pytest.raises(tf.errors.InvalidArgumentError, match="not as many"):
        served["score"](
            images=tf.constant(raw["images"]),
            sentences=tf.constant(raw["sentences"][:, :3]),
        )


def test_evaluate_and_default_read_examples(system, served, raw):
    examples = _examples(raw)
    sums = served["evaluate"](examples)
    here = system.evaluate(
        system.prepare({k: tf.constant(v) for k, v in raw.items()})
    )
    assert set(sums) == set(here)
    for name, value in here.items():
        np.testing.assert_allclose(sums[name], value, rtol=1e-3, atol=1e-4)
    drawn = served["serving_default"](examples)["images"].numpy()
    np.testing.assert_array_equal(
        drawn, _generate(served, raw["sentences"], [0, 0, 0])
    )


def test_without_discriminators_nothing_is_scored(tmp_path, raw):
    system = tiny.system(tmp_path, discriminators=False)
    assert set(system.signatures()) == {"serving_default", "generate"}
    assert set(system.request_inputs(raw)) == {"generate"}


def test_requests_fit_the_signatures(system, served, raw):
    for name, inputs in system.request_inputs(raw).items():
        answer = served[name](**{k: tf.constant(v) for k, v in inputs.items()})
        assert all(value.shape[0] == 3 for value in answer.values())


def test_warm_start_takes_over_every_network(version_dir, system, tmp_path):
    words = ["green", *tiny.WORDS[::-1]]
    other = tiny.system(tmp_path, words=words)
    assert other.warm_start(version_dir) == []
    np.testing.assert_array_equal(
        other.discriminators.story.weights[0],
        system.discriminators.story.weights[0],
    )
    for mine, theirs in zip(
        (other.generator, other.averaged),
        (system.generator, system.averaged),
        strict=True,
    ):
        new = mine.sentence_encoder.embedding.embeddings.numpy()
        old = theirs.sentence_encoder.embedding.embeddings.numpy()
        np.testing.assert_array_equal(new[5:], old[4:][::-1])


def test_only_core_and_text_ops_are_in_the_export(version_dir):
    """TF Serving has no others."""
    assert ops.unservable(version_dir) == set()


def test_a_served_model_is_asked_for_a_whole_story(served, raw, tmp_path):
    def ask(name, inputs):
        outputs = served[name](
            **{key: tf.constant(value) for key, value in inputs.items()}
        )
        return {key: value.numpy() for key, value in outputs.items()}

    story = {name: value[0] for name, value in raw.items()}
    said = StoryGan.ask_served(None, story, ask, str(tmp_path))
    for sentence in raw["sentences"][0]:
        assert f"  {sentence.decode()}\n" in said
    drawn = tf.io.decode_png((tmp_path / "story.png").read_bytes())
    # Two strips of five frames, one above the other.
    assert drawn.shape[0] > 300 and drawn.shape[1] > 5 * 160
