"""What a served face_gan answers, and what it refuses."""

import numpy as np
import pytest
import tensorflow as tf

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


def _generate(model, counts, seeds):
    return model.signatures["generate"](
        num_samples=tf.constant(counts, tf.int32),
        seed=tf.constant(seeds, tf.int64),
    )["images"].numpy()


def test_each_row_has_its_faces(served):
    model, _ = served
    images = _generate(model, [2, 1, 3], [7, 8, 9])
    assert images.shape == (3, 3)
    assert [[len(image) > 0 for image in row] for row in images] == [
        [True, True, False],
        [True, False, False],
        [True] * 3,
    ]
    faces = [image for row in images for image in row if image]
    assert len(set(faces)) == 6
    for face in faces:
        decoded = tf.io.decode_png(face)
        assert decoded.shape == (tiny.SIZE, tiny.SIZE, 3)


def test_the_same_seed_gives_the_same_bytes_whatever_is_beside(served):
    model, system = served
    first = _generate(model, [3], [7])[0]
    np.testing.assert_array_equal(first, _generate(model, [1, 3], [0, 7])[1])
    here = system.signatures()["generate"](
        num_samples=tf.constant([3]), seed=tf.constant([7], tf.int64)
    )
    np.testing.assert_array_equal(first, here["images"].numpy()[0])
    assert set(first).isdisjoint(_generate(model, [3], [8])[0])


def test_ways_begin_and_end_with_the_seeds_first_faces(served):
    model, _ = served

    def way(*steps):
        return model.signatures["interpolate"](
            seed=tf.fill([len(steps)], tf.constant(7, tf.int64)),
            last_seed=tf.fill([len(steps)], tf.constant(9, tf.int64)),
            steps=tf.constant(steps),
        )["images"].numpy()

    four, two = way(4, 2)
    ends = _generate(model, [1, 1], [7, 9])[:, 0]
    assert four[0] == ends[0] and four[3] == ends[1]
    assert len(set(four)) == 4
    np.testing.assert_array_equal(two, [*ends, b"", b""])


def test_discriminate_tells_how_real_a_picture_is(served):
    model, system = served
    raw = tiny.raw_batch(3)
    answer = model.signatures["discriminate"](images=raw["image"])
    real = tf.cast(system.prepare(raw)["pictures"], tf.float32) / 255.0
    logits = system.model.discriminator(real)
    np.testing.assert_allclose(answer["logit"], logits, atol=1e-5)
    np.testing.assert_allclose(
        answer["probability"], 1 / (1 + np.exp(-logits)), atol=1e-5
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
        ("generate", {"num_samples": [0], "seed": [0]}, "1 or more"),
        ("generate", {"num_samples": [1025], "seed": [0]}, "1024 or less"),
        ("generate", {"num_samples": [1, 1], "seed": [0]}, "each row"),
        (
            "interpolate",
            {"seed": [1], "last_seed": [2], "steps": [1]},
            "2 or more",
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
