"""Per-example sums of the metrics, against NumPy and by hand."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.metrics import ratio
from tfstory.sampling.lstm_oracle import LstmOracle
from tfstory.sampling.oracle_parameters import draw_parameters
from tfstory.systems.policy import evaluation

# Nothing here trains: two systems serve all tests.
LINES = ["a red ball", "rests", "", "rolls here and now", "a a purple ball"]


def _in_graph(system, judge):
    spec = tf.TensorSpec([None, system.codec.length], tf.int32)
    sums = tf.function(judge.sums, input_signature=[{"tokens": spec}])
    return lambda tokens: {
        name: value.numpy() for name, value in sums({"tokens": tokens}).items()
    }


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """A system of words, its sums, and lines as tokens."""
    system = tiny.text_gan(
        tmp_path_factory.mktemp("text"),
        {"reward.objectives": ("constant",), "model.noise": 1.0},
    )
    tokens = system.prepare({"text": tf.constant(LINES)})["tokens"]
    system.adapt([{"tokens": tokens}])
    return system, _in_graph(system, system._judge()), tokens


@pytest.fixture(scope="module")
def numbers():
    """A system of numbers with an oracle that always says the same."""
    system = tiny.seq_gan()
    parameters = draw_parameters(0, tiny.SIZE, 2)
    parameters.output_kernel[:] = 0
    judge = evaluation.Judge(
        system.model,
        system.unigrams,
        None,
        LstmOracle(parameters),
        1.0,
    )
    logs = tf.nn.log_softmax(parameters.output_bias).numpy()
    tokens = tiny.batch(system)["tokens"]
    return system, _in_graph(system, judge), tokens, logs


def test_likelihood_and_its_baselines(text):
    system, sums, tokens = text
    found = sums(tokens)
    policy, alphabet = system.model.policy, system.codec.alphabet
    mask = alphabet.mask(tokens).numpy()
    np.testing.assert_array_equal(found["tokens"], [4, 2, 1, 5, 5])
    logits = policy.logits(policy.read(tokens, policy.first_state(5)))
    logs = tf.nn.log_softmax(logits).numpy()
    of_tokens = np.take_along_axis(logs, tokens.numpy()[..., None], -1)[..., 0]
    np.testing.assert_allclose(
        found["nll"], -np.sum(of_tokens * mask, axis=-1), rtol=1e-5
    )
    entropy = -np.sum(np.exp(logs) * logs, axis=-1)
    np.testing.assert_allclose(
        found["entropy"], np.sum(entropy * mask, axis=-1), rtol=1e-5
    )
    right = np.argmax(logs, axis=-1) == tokens.numpy()
    right &= tokens.numpy() != alphabet.unknown
    np.testing.assert_array_equal(
        found["right_tokens"], np.sum(right * mask, axis=-1)
    )
    # Ten tokens may come: padding and start never do.
    np.testing.assert_allclose(
        found["uniform_nll"], mask.sum(axis=-1) * np.log(10), rtol=1e-5
    )
    # 17 tokens, 5 of them ends and 3 of them "a", and one more of each.
    unigram = [
        -np.log(np.array(counts) / 27).sum()
        for counts in ([4, 2, 3, 6], [2, 6], [6], [2, 2, 2, 2, 6],
                       [4, 4, 2, 3, 6])
    ]  # fmt: skip
    np.testing.assert_allclose(found["unigram_nll"], unigram, rtol=1e-5)


def test_what_is_not_there_is_not_counted(text):
    found = text[1](text[2])
    for name in ("sampled_tokens", "oracle_tokens", "uniform_tokens"):
        assert np.all(found[name] == 0)
    # What is asked to be reported is.
    for name in ("objective", "data_objective", "objective_judged"):
        np.testing.assert_array_equal(found[name], np.ones(5))


def test_sums_do_not_depend_on_the_batch(text):
    """But for the diversity, which compares neighbours."""
    _, sums, tokens = text
    whole = sums(tokens)
    parts = [sums(tokens[:1]), sums(tokens[1:])]
    for name, value in whole.items():
        assert value.shape == (5,), name
        if name not in ("distance", "data_distance", "pairs"):
            joined = np.concatenate([part[name] for part in parts])
            np.testing.assert_allclose(
                joined, value, rtol=1e-4, atol=1e-5, err_msg=name
            )
    # One sequence has no neighbour.
    assert parts[0]["pairs"] == parts[0]["distance"] == 0


def test_graphs_know_that_there_is_a_sum_an_example(text):
    """As signatures promise."""
    system = text[0]
    spec = tf.TensorSpec([None, system.codec.length], tf.int32)
    judge = tf.function(system.evaluate, input_signature=[{"tokens": spec}])
    for name, value in judge.get_concrete_function().structured_outputs.items():
        assert value.shape.as_list() == [None], name


def test_a_replica_without_examples_has_empty_sums(text):
    for name, value in text[1](text[2][:0]).items():
        assert value.shape == (0,), name


def test_every_metric_has_its_sums(text):
    _, sums, tokens = text
    totals = {name: value.sum() for name, value in sums(tokens).items()}
    metrics = ratio.aggregate(evaluation.RATIOS, totals)
    assert set(metrics) == set(evaluation.RATIOS)
    assert metrics["perplexity"] == pytest.approx(np.exp(metrics["nll"]))


def test_the_oracle_judges_what_is_written_beside_data_and_chance(numbers):
    system, sums, tokens, logs = numbers
    found = sums(tokens)
    np.testing.assert_allclose(
        found["data_oracle_nll"], -logs[tokens].sum(axis=-1), rtol=1e-5
    )
    seeds = evaluation.example_seeds(tokens, tf.ones(tokens.shape))
    written = system.model.write_by_seeds(seeds).tokens.numpy()
    np.testing.assert_allclose(
        found["oracle_nll"], -logs[written].sum(axis=-1), rtol=1e-5
    )
    for name in ("sampled_tokens", "oracle_tokens", "uniform_tokens"):
        np.testing.assert_array_equal(found[name], np.full(7, tiny.LENGTH))
    many = tiny.batch(system, 500)["tokens"]
    mean = sums(many)["uniform_oracle_nll"].sum() / (500 * tiny.LENGTH)
    assert mean == pytest.approx(-logs.mean(), abs=0.15)


@pytest.mark.parametrize("bias", [2.0, -2.0])
def test_a_discriminator_that_always_says_the_same_is_right_by_half(
    numbers, bias
):
    system, sums, tokens, _ = numbers
    discriminator = system.model.discriminator
    before = discriminator.get_weights()
    for variable in discriminator.weights:
        variable.assign(tf.zeros(variable.shape))
    discriminator.weights[-1].assign([bias])
    found = sums(tokens)
    discriminator.set_weights(before)
    np.testing.assert_array_equal(found["discriminator_right"], [1.0] * 7)
    np.testing.assert_array_equal(found["discriminator_judged"], [2.0] * 7)


def test_distances_by_hand():
    mask = tf.constant([[1.0, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0]])
    tokens = tf.constant([[1, 2, 3, 4], [1, 9, 7, 7], [1, 2, 9, 0]])
    same = tf.ones([3, 4], tf.int32)
    found = evaluation._distances(tokens, mask, same, tf.ones([3, 4]))
    # 1 2 3 4 and 1 2 9; 1 9 and 1 2 3 4; 1 2 9 and 1 9.
    np.testing.assert_allclose(found["data_distance"], [2 / 4, 3 / 4, 1 / 3])
    np.testing.assert_array_equal(found["distance"], np.zeros(3))
    np.testing.assert_array_equal(found["pairs"], np.ones(3))


def test_seeds_are_those_of_the_tokens_that_count():
    tokens = tf.constant([[1, 2, 3], [2, 1, 3], [1, 2, 9], [1, 2, 0], [0] * 3])
    seeds = evaluation.example_seeds(tokens, tf.ones([5, 3])).numpy()
    assert len(set(seeds)) == 5
    mask = tf.constant([[1.0, 1, 0]] * 5)
    ended = evaluation.example_seeds(tokens, mask).numpy()
    assert ended[0] == ended[2] == ended[3] != ended[1]
