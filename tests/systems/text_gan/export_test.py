"""The exported TextGan: repeatable, complete, and what it refuses."""

import json
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from tests.export import ops
from tests.systems.policy import tiny
from tfstory.export import saved_model
from tfstory.systems.text_gan.system import TextGan

LINES = ["a red ball", "rests", "", "a purple ball rolls and rolls and rolls"]
LENGTH = tiny.LENGTH + 1
_CLEAN_PROCESS = """
import sys, json
import tensorflow as tf
import tensorflow_text
model = tf.saved_model.load(sys.argv[1])
answer = model.signatures["generate"](
    num_samples=tf.constant(5), temperature=tf.constant(1.0),
    top_p=tf.constant(0.9), seed=tf.constant(3, tf.int64),
    max_length=tf.constant(6))
score = model.signatures["score"](text=tf.constant(["a red ball", "rests"]))
assert "tfstory" not in sys.modules
print(json.dumps({"tokens": answer["tokens"].numpy().tolist(),
                  "text": [t.decode() for t in answer["text"].numpy()],
                  "nll": score["nll"].numpy().tolist()}))
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    directory = tmp_path_factory.mktemp("system")
    return tiny.text_gan(directory, {"model.noise": 1.0})


@pytest.fixture(scope="module")
def version_dir(system, tmp_path_factory):
    raw = {"text": np.array([line.encode() for line in LINES])}
    model_dir = tmp_path_factory.mktemp("models")
    return saved_model.export(system, str(model_dir), raw)


@pytest.fixture(scope="module")
def served(version_dir):
    return tf.saved_model.load(version_dir).signatures


def _generate(served, num_samples=5, **changes):
    inputs = {"temperature": 1.0, "top_p": 1.0, "seed": 3, "max_length": LENGTH}
    inputs |= changes
    answer = served["generate"](
        num_samples=tf.constant(num_samples),
        temperature=tf.constant(inputs["temperature"]),
        top_p=tf.constant(inputs["top_p"]),
        seed=tf.constant(inputs["seed"], tf.int64),
        max_length=tf.constant(inputs["max_length"]),
    )
    return {name: value.numpy() for name, value in answer.items()}


def test_the_same_seed_gives_the_same_after_a_reload(version_dir, served):
    again = tf.saved_model.load(version_dir).signatures
    one, other = _generate(served), _generate(again)
    for name, value in one.items():
        np.testing.assert_array_equal(other[name], value, err_msg=name)
    another = _generate(served, seed=4)
    assert not np.array_equal(another["tokens"], one["tokens"])


def test_a_sample_depends_on_its_number_alone(served):
    five, two = _generate(served), _generate(served, 2)
    np.testing.assert_array_equal(two["tokens"], five["tokens"][:2])
    np.testing.assert_array_equal(two["text"], five["text"][:2])
    assert len({tuple(row) for row in five["tokens"].tolist()}) > 2


def test_many_samples_are_written_in_parts(served):
    # 257 are two parts of 129: one more than is asked for is dropped.
    many, few = _generate(served, 257), _generate(served, 5)
    for name, value in many.items():
        assert len(value) == 257
        if value.dtype == np.float32:
            np.testing.assert_allclose(
                value[:5], few[name], rtol=1e-5, atol=1e-5
            )
        else:
            np.testing.assert_array_equal(value[:5], few[name])
    second = many["tokens"][129:]
    assert len({tuple(row) for row in second.tolist()}) > 2


def test_what_is_said_of_samples_fits_together(system, served):
    found = _generate(served, 20)
    mask = system.codec.alphabet.mask(found["tokens"]).numpy()
    assert 0 < mask.mean() < 1
    np.testing.assert_array_equal(found["length"], mask.sum(axis=-1))
    logs = found["log_probabilities"]
    assert np.all((logs < 0) == (mask > 0))
    np.testing.assert_allclose(
        found["log_probability"], logs.sum(axis=-1), rtol=1e-5
    )
    text = system.codec.text(tf.constant(found["tokens"]))
    np.testing.assert_array_equal(found["text"], text)


def test_the_longest_is_what_is_asked_for(served):
    whole, cut = _generate(served, 20), _generate(served, 20, max_length=2)
    np.testing.assert_array_equal(cut["tokens"], whole["tokens"][:, :2])
    np.testing.assert_array_equal(cut["length"], np.minimum(whole["length"], 2))
    np.testing.assert_allclose(
        cut["log_probability"],
        whole["log_probabilities"][:, :2].sum(axis=-1),
        rtol=1e-5,
    )


def test_temperature_zero_takes_the_likeliest(system, served):
    found = _generate(served, 1, temperature=0.0, seed=0)["tokens"]
    model = system.model
    # The first sample of a request with seed 0 has that seed itself.
    state = model.policy.state_of(model._noise_of(tf.constant([0], tf.int64)))
    logits, _ = model.policy.step(tf.constant([1]), state)
    assert found[0, 0] == np.argmax(logits)
    # Next to nothing of the probability holds the likeliest alone.
    narrow = _generate(served, 1, top_p=1e-6, seed=0)["tokens"]
    np.testing.assert_array_equal(narrow, found)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_samples": 0}, "num_samples must be from 1 to 10000"),
        ({"num_samples": 10_001}, "num_samples must be from 1 to 10000"),
        ({"max_length": 0}, "max_length must be from 1 to 6"),
        ({"max_length": 7}, "max_length must be from 1 to 6"),
        ({"top_p": 0.0}, "top_p must be above 0 and at most 1"),
        ({"top_p": 1.5}, "top_p must be above 0 and at most 1"),
        ({"top_p": float("nan")}, "top_p must be above 0 and at most 1"),
    ],
)
def test_what_is_out_of_range_is_refused(served, changes, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        _generate(served, **changes)


def test_score_is_what_the_networks_say(system, served):
    found = served["score"](text=tf.constant(LINES))
    tokens = system.codec.encode(tf.constant(LINES))
    model, mask = system.model, system.codec.alphabet.mask(tokens).numpy()
    np.testing.assert_array_equal(found["tokens"], [4, 2, 1, 6])
    logits = model.policy.logits(
        model.policy.read(tokens, model.policy.first_state(4))
    )
    logs = tf.nn.log_softmax(logits).numpy()
    of_tokens = np.take_along_axis(logs, tokens.numpy()[..., None], -1)[..., 0]
    nll = -np.sum(of_tokens * mask, axis=-1)
    np.testing.assert_allclose(found["nll"], nll, rtol=1e-4)
    np.testing.assert_allclose(
        found["perplexity"], np.exp(nll / mask.sum(axis=-1)), rtol=1e-4
    )
    last = model.discriminator(tokens, mask=mask > 0).numpy()
    last = last[np.arange(4), mask.sum(axis=-1).astype(int) - 1]
    np.testing.assert_allclose(
        found["probability"], 1 / (1 + np.exp(-last)), rtol=1e-4
    )


def test_evaluate_reads_examples(system, served):
    examples = [
        tf.train.Example(
            features=tf.train.Features(
                feature={
                    "text": tf.train.Feature(
                        bytes_list=tf.train.BytesList(value=[line.encode()])
                    )
                }
            )
        ).SerializeToString()
        for line in LINES
    ]
    sums = served["evaluate"](tf.constant(examples))
    here = system.evaluate(system.prepare({"text": tf.constant(LINES)}))
    assert set(sums) == set(here)
    for name, value in here.items():
        np.testing.assert_allclose(sums[name], value, rtol=1e-3, atol=1e-4)


def test_requests_fit_the_signatures(system, served):
    raw = {"text": np.array([b"a ball", b"rests"])}
    requests = system.request_inputs(raw)
    assert set(requests) == {"generate", "score"}
    for name, inputs in requests.items():
        answer = served[name](**{k: tf.constant(v) for k, v in inputs.items()})
        assert all(value.shape[0] == 2 for value in answer.values())


def test_a_process_without_tfstory_gets_the_same(version_dir, served, tmp_path):
    output = subprocess.run(
        [sys.executable, "-c", _CLEAN_PROCESS, version_dir],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    ).stdout
    found = json.loads(output.splitlines()[-1])
    here = _generate(served, top_p=0.9)
    assert found["tokens"] == here["tokens"].tolist()
    assert found["text"] == [text.decode() for text in here["text"]]
    score = served["score"](text=tf.constant(["a red ball", "rests"]))
    np.testing.assert_allclose(found["nll"], score["nll"], rtol=1e-5)


def test_only_core_and_text_ops_are_in_the_export(version_dir):
    """TF Serving has no others."""
    assert ops.unservable(version_dir) == set()


def test_warm_start_goes_word_by_word(version_dir, system, tmp_path):
    vocabulary = tmp_path / "vocabulary.txt"
    vocabulary.write_text("\n".join(["green", *tiny.WORDS[::-1]]) + "\n")
    other = TextGan(system.config, str(vocabulary))
    assert other.warm_start(version_dir) == []
    for (mine, _), (theirs, _) in zip(
        other.word_weights(), system.word_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine[:4], theirs[:4])
        np.testing.assert_array_equal(mine[5:], theirs.numpy()[4:][::-1])


def test_a_served_model_is_asked_for_lines(served, system):
    def ask(name, inputs):
        outputs = served[name](
            **{key: tf.constant(value) for key, value in inputs.items()}
        )
        return {key: value.numpy() for key, value in outputs.items()}

    said = TextGan.ask_served(system.config, {}, ask, "")
    title, *lines = said.split("\n")
    assert title == "for 4 sequences:"
    written = _generate(served, 4, seed=system.config.seed)["text"]
    assert lines == [text.decode() for text in written]
