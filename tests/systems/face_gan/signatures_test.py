"""What a served face_gan answers, and what it refuses."""

import numpy as np
import pytest
import tensorflow as tf

from tests import encoded
from tests.systems.face_gan import tiny
from tfstory.export import saved_model


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    system = tiny.system()
    raw = {key: value.numpy() for key, value in tiny.raw_batch(3).items()}
    path = saved_model.export(
        system, str(tmp_path_factory.mktemp("models")), raw
    )
    return tf.saved_model.load(path), system


def _generate(model, count, seed):
    return model.signatures["generate"](
        num_samples=tf.constant(count), seed=tf.constant(seed, tf.int64)
    )["images"].numpy()


def test_generate_draws_as_many_faces_as_are_asked_for(served):
    images = _generate(served[0], 3, 7)
    assert len(set(images)) == 3
    for image in images:
        decoded = tf.io.decode_png(image)
        assert decoded.shape == (tiny.SIZE, tiny.SIZE, 3)


def test_the_same_seed_gives_the_same_bytes(served):
    model, system = served
    three = _generate(model, 3, 7)
    np.testing.assert_array_equal(three, _generate(model, 3, 7))
    encoded.assert_alike(three[:1], _generate(model, 1, 7))
    here = system.signatures()["generate"](
        num_samples=tf.constant(3), seed=tf.constant(7, tf.int64)
    )
    np.testing.assert_array_equal(three, here["images"].numpy())
    assert set(three).isdisjoint(_generate(model, 3, 8))


def test_ways_begin_and_end_with_the_seeds_first_faces(served):
    model, _ = served
    ways = model.signatures["interpolate"](
        first_seed=tf.constant([7, 9], tf.int64),
        last_seed=tf.constant([9, 7], tf.int64),
        steps=tf.constant(4),
    )["images"].numpy()
    assert ways.shape == (2, 4)
    first, last = (_generate(model, 1, seed)[0] for seed in (7, 9))
    encoded.assert_alike([ways[0, 0], ways[0, 3]], [first, last])
    encoded.assert_alike([ways[1, 0], ways[1, 3]], [last, first])
    assert len(set(ways[0])) == 4


def test_discriminate_tells_how_real_a_picture_is(served):
    model, system = served
    raw = tiny.raw_batch(3)
    answer = model.signatures["discriminate"](images=raw["image"])
    real = tf.cast(system.prepare(raw)["pictures"], tf.float32) / 255.0
    logits = system.model.discriminator(real)
    np.testing.assert_allclose(answer["logit"], logits, atol=1e-4)
    np.testing.assert_allclose(
        answer["probability"], 1 / (1 + np.exp(-logits)), atol=1e-4
    )


def test_examples_are_answered_alike(served):
    model, _ = served
    raw = tiny.raw_batch(2)
    examples = [
        tf.train.Example(
            features=tf.train.Features(
                feature={
                    "image": tf.train.Feature(
                        bytes_list=tf.train.BytesList(value=[image])
                    )
                }
            )
        ).SerializeToString()
        for image in raw["image"].numpy()
    ]
    answer = model.signatures["serving_default"](examples=tf.constant(examples))
    expected = model.signatures["discriminate"](images=raw["image"])
    np.testing.assert_allclose(answer["logit"], expected["logit"], rtol=1e-5)
    sums = model.signatures["evaluate"](examples=tf.constant(examples))
    assert {value.shape for value in sums.values()} == {(2,)}


@pytest.mark.parametrize(
    ("signature", "inputs", "reason"),
    [
        ("generate", {"num_samples": 0, "seed": 0}, "from 1 to 1024"),
        ("generate", {"num_samples": 1025, "seed": 0}, "from 1 to 1024"),
        (
            "interpolate",
            {"first_seed": [1], "last_seed": [2], "steps": 1},
            "from 2 to 1024",
        ),
        (
            "interpolate",
            {"first_seed": [1, 1], "last_seed": [2], "steps": 2},
            "for each first one",
        ),
        (
            "interpolate",
            {"first_seed": [1] * 20, "last_seed": [2] * 20, "steps": 1024},
            "ways times steps must be from 0 to 1024",
        ),
    ],
)
def test_refused(served, signature, inputs, reason):
    dtypes = {"num_samples": tf.int32, "steps": tf.int32}
    with pytest.raises(tf.errors.InvalidArgumentError, match=reason):
        served[0].signatures[signature](
            **{
                name: tf.constant(value, dtypes.get(name, tf.int64))
                for name, value in inputs.items()
            }
        )


def test_a_picture_that_is_none_is_refused(served):
    with pytest.raises(tf.errors.InvalidArgumentError):
        served[0].signatures["discriminate"](images=tf.constant(["no"]))


def test_warm_up_requests_are_answered(served):
    model, system = served
    raw = {key: value.numpy() for key, value in tiny.raw_batch(2).items()}
    requests = system.request_inputs(raw)
    assert set(requests) == {"generate", "interpolate", "discriminate"}
    for name, inputs in requests.items():
        answer = model.signatures[name](
            **{key: tf.constant(value) for key, value in inputs.items()}
        )
        assert {len(value) for value in answer.values()} == {2}


def test_the_pipeline_asks_for_faces_and_shows_them(served, tmp_path):
    model, system = served

    def ask(signature, inputs):
        answer = model.signatures[signature](
            **{
                name: tf.convert_to_tensor(value)
                for name, value in inputs.items()
            }
        )
        return {name: value.numpy() for name, value in answer.items()}

    raw = {name: value[0].numpy() for name, value in tiny.raw_batch(1).items()}
    told = system.ask_served(system.config, raw, ask, str(tmp_path))
    assert str(tmp_path / "faces.png") in told and "face 0" in told
    drawn = tf.io.decode_png((tmp_path / "faces.png").read_bytes())
    # Two rows of eight, each of twice its size and with a gap around it.
    side = 2 * tiny.SIZE + 4
    assert drawn.shape == (2 * side, 8 * side, 3)
    (face, *_) = _generate(model, 16, system.config.seed)
    face = tf.repeat(tf.repeat(tf.io.decode_png(face), 2, axis=0), 2, axis=1)
    np.testing.assert_array_equal(drawn[2 : side - 2, 2 : side - 2], face)
