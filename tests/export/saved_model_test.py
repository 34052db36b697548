"""The exported SavedModel: complete, repeatable, and as documented."""

import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from tests.export import ops
from tests.systems.story_reasoning import tiny
from tfstory import stories
from tfstory.errors import UserError
from tfstory.export import saved_model

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="module")
def served(version_dir):
    """The signatures of the export, loaded."""
    return tf.saved_model.load(version_dir).signatures


@pytest.fixture(scope="module")
def here(system):
    """The same, of the system itself."""
    return system.signatures()


def _examples(raw):
    return [
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


def test_a_version_is_all_that_an_export_leaves(version_dir):
    path = pathlib.Path(version_dir)
    assert [p.name for p in path.parent.iterdir()] == [path.name] == ["1"]
    assert (path / "saved_model.pb").is_file()


def test_versions_count_up(system, tmp_path, monkeypatch):
    monkeypatch.setattr(
        saved_model, "export_to", lambda _, path, *__: tf.io.gfile.mkdir(path)
    )
    assert saved_model.export(system, str(tmp_path)).endswith("/1")
    (tmp_path / "7").mkdir()
    assert saved_model.export(system, str(tmp_path)).endswith("/8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1", "7", "8"]


def test_an_export_that_fails_leaves_nothing(system, tmp_path, monkeypatch):
    def fail(_, path, *__):
        tf.io.gfile.mkdir(path)
        raise OSError("no room")

    monkeypatch.setattr(saved_model, "export_to", fail)
    with pytest.raises(OSError, match="no room"):
        saved_model.export(system, str(tmp_path))
    assert list(tmp_path.iterdir()) == []


_CLEAN_PROCESS = """
import sys, json, base64
import tensorflow as tf
import tensorflow_text
model = tf.saved_model.load(sys.argv[1])
raw = json.load(open(sys.argv[2]))
images = [[base64.b64decode(i) for i in story] for story in raw["images"]]
result = {}
for count in (1, 3):
    answer = model.signatures["predict_next"](
        images=tf.constant(images[:count]),
        sentences=tf.constant(raw["sentences"][:count]),
        temperature=tf.fill([count], 1.5),
        seed=tf.range(count, dtype=tf.int64) + 5)
    result[count] = {
        "image": [base64.b64encode(i).decode() for i in
                  answer["image"].numpy()],
        "caption": [c.decode() for c in answer["caption"].numpy()],
        "log_probability": answer["log_probability"].numpy().tolist()}
assert "tfstory" not in sys.modules
print(json.dumps(result))
"""


def test_a_process_without_tfstory_gets_the_same_answers(
    here, raw, version_dir, tmp_path
):
    import base64

    moved = tmp_path / "moved"
    pathlib.Path(version_dir).rename(moved)
    request = tmp_path / "request.json"
    request.write_text(
        json.dumps(
            {
                "images": [
                    [base64.b64encode(i).decode() for i in story[:4]]
                    for story in raw["images"]
                ],
                "sentences": [
                    [s.decode() for s in story[:4]]
                    for story in raw["sentences"]
                ],
            }
        )
    )
    try:
        output = subprocess.run(
            [sys.executable, "-c", _CLEAN_PROCESS, moved, request],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=True,
        ).stdout
    finally:
        moved.rename(version_dir)
    one, three = json.loads(output.splitlines()[-1]).values()
    ours = here["predict_next"](
        tf.constant(raw["images"][:, :4]),
        tf.constant(raw["sentences"][:, :4]),
        tf.fill([3], 1.5),
        tf.range(3, dtype=tf.int64) + 5,
    )
    assert three["caption"] == [c.decode() for c in ours["caption"].numpy()]
    assert [base64.b64decode(i) for i in three["image"]] == list(
        ours["image"].numpy()
    )
    # An answer does not depend on what else is in the batch.
    assert one["caption"] == three["caption"][:1]
    np.testing.assert_allclose(
        one["log_probability"], three["log_probability"][:1], rtol=1e-4
    )


def test_seeds_and_temperature_decide_the_caption(here, raw):
    def captions(temperature, seed):
        answer = here["predict_next"](
            tf.constant(np.repeat(raw["images"][:1, :4], 16, axis=0)),
            tf.constant(np.repeat(raw["sentences"][:1, :4], 16, axis=0)),
            tf.fill([16], temperature),
            tf.range(16, dtype=tf.int64) + seed,
        )
        return answer["caption"].numpy().tolist()

    assert captions(1.0, 0) == captions(1.0, 0)
    assert captions(1.0, 0) != captions(1.0, 100)
    assert len(set(captions(1.0, 0))) > 4
    assert len(set(captions(0.0, 0))) == 1


def test_evaluate_takes_examples_and_gives_the_systems_sums(
    system, raw, served
):
    found = served["evaluate"](tf.constant(_examples(raw)))
    ours = system.evaluate(
        system.prepare({k: tf.constant(v) for k, v in raw.items()})
    )
    for name in ("absolute_error", "nll", "tokens", "ssim"):
        np.testing.assert_allclose(found[name], ours[name], rtol=1e-4)


def test_serving_default_reads_examples_as_predict_next(here, raw, served):
    found = served["serving_default"](tf.constant(_examples(raw)))
    ours = here["predict_next"](
        tf.constant(raw["images"][:, :4]),
        tf.constant(raw["sentences"][:, :4]),
        tf.zeros([3]),
        tf.zeros([3], tf.int64),
    )
    assert found["image"].numpy().tolist() == ours["image"].numpy().tolist()
    assert found["caption"].numpy().tolist() == ours["caption"].numpy().tolist()


@pytest.mark.parametrize(
    ("feature", "left"),
    [("sentences", 2), ("sentences", 0), ("images", 3), ("images", 0)],
)
def test_an_example_that_lacks_some_is_an_invalid_argument(
    raw, served, feature, left
):
    good, bad = (
        tf.train.Example.FromString(example) for example in _examples(raw)[:2]
    )
    if left:
        del bad.features.feature[feature].bytes_list.value[left:]
    else:
        del bad.features.feature[feature]
    serve = served["serving_default"]
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=f"needs 4 or more {feature}"
    ):
        serve(tf.constant([m.SerializeToString() for m in (good, bad)]))


def test_four_frames_are_enough_for_serving_default(raw, served):
    context = tf.train.Example.FromString(_examples(raw)[0])
    for feature in ("images", "sentences"):
        del context.features.feature[feature].bytes_list.value[4:]
    serve = served["serving_default"]
    whole = serve(tf.constant(_examples(raw)[:1]))
    answer = serve(tf.constant([context.SerializeToString()]))
    assert answer["image"].numpy() == whole["image"].numpy()
    assert answer["caption"].numpy() == whole["caption"].numpy()


def test_a_broken_picture_is_an_invalid_argument(served):
    with pytest.raises(tf.errors.InvalidArgumentError, match="image"):
        served["encode"](tf.constant([b"no picture"]))


def test_unequal_rows_are_an_invalid_argument(served, raw):
    with pytest.raises(tf.errors.InvalidArgumentError, match="seed has not"):
        served["predict_next"](
            images=tf.constant(raw["images"][:2, :4]),
            sentences=tf.constant(raw["sentences"][:2, :4]),
            temperature=tf.zeros([2]),
            seed=tf.zeros([1], tf.int64),
        )


def test_a_negative_temperature_is_an_invalid_argument(served, raw):
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="temperature must be 0 or more"
    ):
        served["predict_next"](
            images=tf.constant(raw["images"][:2, :4]),
            sentences=tf.constant(raw["sentences"][:2, :4]),
            temperature=tf.constant([0.5, -1.0]),
            seed=tf.zeros([2], tf.int64),
        )


def test_only_core_and_text_ops_are_in_the_export(version_dir):
    """TF Serving has no others."""
    assert ops.unservable(version_dir) == set()


def test_warm_up_requests_fit_the_signatures(version_dir, served):
    from tensorflow_serving.apis import prediction_log_pb2

    path = pathlib.Path(
        version_dir, "assets.extra", "tf_serving_warmup_requests"
    )
    seen = set()
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        request = log.predict_log.request
        signature = served[request.model_spec.signature_name]
        answer = signature(
            **{
                name: tf.constant(tf.make_ndarray(value))
                for name, value in request.inputs.items()
            }
        )
        assert all(value.shape[0] == 2 for value in answer.values())
        seen.add(request.model_spec.signature_name)
    assert seen == {"predict_next", "encode"}


def test_warm_start_takes_over_weights_word_by_word(
    system, version_dir, tmp_path
):
    words = ["green", *tiny.WORDS[::-1]]
    other = tiny.system(tmp_path, words=words)
    other.model.encoder.weights[0].assign_add(
        tf.ones_like(other.model.encoder.weights[0])
    )
    initial = other.model.caption_encoder.embedding.embeddings.numpy()
    assert other.warm_start(version_dir) == []
    np.testing.assert_array_equal(
        other.model.encoder.weights[0], system.model.encoder.weights[0]
    )
    new = other.model.caption_encoder.embedding.embeddings.numpy()
    old = system.model.caption_encoder.embedding.embeddings.numpy()
    np.testing.assert_array_equal(new[:4], old[:4])
    np.testing.assert_array_equal(new[5:], old[4:][::-1])
    np.testing.assert_array_equal(new[4], initial[4])


def test_warm_start_names_what_does_not_fit(version_dir, tmp_path):
    other = tiny.system(tmp_path, latent_size=16)
    left = other.warm_start(version_dir)
    assert {"encoder", "decoder", "context"} <= set(left)
    assert "caption_decoder" not in left


def test_warm_start_leaves_networks_of_another_structure(version_dir, tmp_path):
    other = tiny.system(tmp_path, attention_hops=3)
    before = [v.numpy() for v in other.model.caption_decoder.weights[1:]]
    # Both attend to the words.
    assert other.warm_start(version_dir) == ["next_picture", "caption_decoder"]
    for old, variable in zip(
        before, other.model.caption_decoder.weights[1:], strict=True
    ):
        if "embedding" not in variable.path:
            np.testing.assert_array_equal(variable, old)


def test_warm_start_from_another_form(version_dir, tmp_path):
    """Where other weights lie at the place of words, nothing is moved."""
    other = tiny.system(tmp_path, tie_embeddings=False)
    assert other.warm_start(version_dir) == ["caption_decoder"]
    seed = tiny.system(tmp_path, "seed")
    assert "caption_decoder" in seed.warm_start(version_dir)


def test_warm_start_without_an_export_is_an_error(system, tmp_path):
    with pytest.raises(UserError, match="holds no SavedModel"):
        system.warm_start(str(tmp_path))
