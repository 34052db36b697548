"""The exported SeqGan: numbers in, numbers out."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.export import saved_model

TOKENS = np.array([[1, 2, 3, 4, 5], [0, 0, 11, 0, 0]])
_CHANGES = {
    "reward.objectives": ("bleu",),
    "reward.discriminator_share": 0.5,
    "reward.bleu_references": 3,
    # Its constants are the oracle's weights.
    "data.builder.oracle": "file",
}


@pytest.fixture(scope="module")
def system():
    made = tiny.seq_gan(_CHANGES)
    made.adapt([made.prepare({"tokens": tf.constant(TOKENS)})])
    return made


@pytest.fixture(scope="module")
def version_dir(system, tmp_path_factory):
    model_dir = tmp_path_factory.mktemp("models")
    return saved_model.export(system, str(model_dir), {"tokens": TOKENS})


@pytest.fixture(scope="module")
def served(version_dir):
    return tf.saved_model.load(version_dir).signatures


def test_generate_writes_numbers(served, system):
    inputs = system.request_inputs({"tokens": TOKENS})["generate"]
    answer = served["generate"](
        **{name: tf.constant(value) for name, value in inputs.items()}
    )
    tokens = answer["tokens"].numpy()
    assert tokens.shape == (2, tiny.LENGTH)
    assert np.all((tokens >= 0) & (tokens < tiny.SIZE))
    lines = [" ".join(map(str, row)).encode() for row in tokens]
    assert answer["text"].numpy().tolist() == lines
    np.testing.assert_array_equal(answer["length"], [tiny.LENGTH] * 2)


def test_score_judges_numbers_in_range_only(served, system):
    found = served["score"](tokens=tf.constant(TOKENS))
    numbers = tf.constant(TOKENS, tf.int32)
    logits = system.model.discriminator(numbers)
    np.testing.assert_allclose(
        found["probability"], tf.sigmoid(logits), rtol=1e-4
    )
    np.testing.assert_array_equal(found["tokens"], [tiny.LENGTH] * 2)
    for wrong in (-1, tiny.SIZE):
        with pytest.raises(
            tf.errors.InvalidArgumentError, match="tokens must be from 0 to 11"
        ):
            served["score"](tokens=tf.constant([[0, 0, wrong, 0, 0]], tf.int64))


def test_a_reward_by_bleu_is_evaluated_as_here(served, system):
    """Its references are weights, and of the graph."""
    examples = [
        tf.train.Example(
            features=tf.train.Features(
                feature={
                    "tokens": tf.train.Feature(
                        int64_list=tf.train.Int64List(value=row)
                    )
                }
            )
        ).SerializeToString()
        for row in TOKENS
    ]
    sums = served["evaluate"](tf.constant(examples))
    np.testing.assert_allclose(sums["data_objective"], [1.0, 1.0], rtol=1e-5)
    here = system.evaluate(system.prepare({"tokens": tf.constant(TOKENS)}))
    for name, value in here.items():
        np.testing.assert_allclose(sums[name], value, rtol=1e-3, atol=1e-4)


def test_warm_start_needs_no_vocabulary(version_dir, system):
    other = tiny.seq_gan(_CHANGES)
    for variable in other.model.policy.weights:
        variable.assign(tf.zeros(variable.shape))
    assert other.warm_start(version_dir) == []
    for path, weight in tiny.weights(system).items():
        np.testing.assert_array_equal(tiny.weights(other)[path], weight)


def test_without_a_discriminator_there_is_no_probability():
    system = tiny.seq_gan(
        {
            "model.discriminator": "none",
            "stages.discriminator.epochs": 0,
            "stages.adversarial.epochs": 0,
        }
    )
    found = system.signatures()["score"](tf.constant(TOKENS))
    assert set(found) == {"nll", "tokens", "perplexity"}


def test_requests_have_the_types_of_the_signatures(served, system):
    # The pipeline's examples are prepared ones.
    requests = system.request_inputs({"tokens": TOKENS.astype(np.int32)})
    for name, inputs in requests.items():
        specs = served[name].structured_input_signature[1]
        assert {key: value.dtype for key, value in inputs.items()} == {
            key: spec.dtype.as_numpy_dtype for key, spec in specs.items()
        }
