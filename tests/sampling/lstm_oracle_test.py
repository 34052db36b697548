"""The LSTM oracle against a step-by-step computation in NumPy."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.sampling import oracle_parameters
from tfstory.sampling.lstm_oracle import LstmOracle

_SIZE, _UNITS = 11, 5


@pytest.fixture(scope="module")
def parameters():
    return oracle_parameters.draw_parameters(3, _SIZE, _UNITS)


def _sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


class _ByHand:
    """One sequence, one token at a time, gate by gate, in float64."""

    def __init__(self, path):
        self._arrays = {k: np.float64(v) for k, v in np.load(path).items()}
        self._token = 0
        self._hidden = self._cell = np.zeros(_UNITS)

    def next(self):
        """The next token's distribution `[vocabulary]`."""
        entry, forget, output = map(_sigmoid, map(self._gate, ("i", "f", "og")))
        self._cell = forget * self._cell + entry * np.tanh(self._gate("c"))
        # The gates above read the hidden state of before.
        self._hidden = output * np.tanh(self._cell)
        a = self._arrays
        weights = np.exp(self._hidden @ a["Wo_out"] + a["bo_out"])
        return weights / weights.sum()

    def take(self, token):
        self._token = token

    def _gate(self, name):
        a = self._arrays
        return (
            a["emb"][self._token] @ a[f"W{name}"]
            + self._hidden @ a[f"U{name}"]
            + a[f"b{name}"]
        )


@pytest.fixture
def by_hand(parameters, tmp_path):
    oracle_parameters.save(tmp_path / "oracle.npz", parameters)
    return lambda: _ByHand(tmp_path / "oracle.npz")


def test_samples_are_the_quantiles_of_the_oracle(parameters, by_hand):
    uniforms = np.random.default_rng(0).random((6, 7), np.float32)
    sample = tf.function(LstmOracle(parameters).sample)
    tokens = sample(tf.constant(uniforms)).numpy()
    assert tokens.shape == (6, 7) and tokens.dtype == np.int32
    for row, places in zip(tokens, uniforms, strict=True):
        oracle = by_hand()
        for token, place in zip(row, places, strict=True):
            assert token == np.searchsorted(np.cumsum(oracle.next()), place)
            oracle.take(token)
    # An oracle that always says the same would not show its state.
    assert len(np.unique(tokens)) > 3


def test_log_probabilities_are_exact(parameters, by_hand):
    tokens = np.random.default_rng(1).integers(0, _SIZE, (6, 7))
    oracle = LstmOracle(parameters)
    found = tf.function(oracle.log_probabilities)(tf.constant(tokens))
    wanted = np.empty((6, 7))
    for row, sequence in enumerate(tokens):
        oracle = by_hand()
        for place, token in enumerate(sequence):
            wanted[row, place] = np.log(oracle.next()[token])
            oracle.take(token)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


def test_probabilities_of_all_pairs_sum_to_one(parameters):
    pairs = np.stack(np.meshgrid(*[np.arange(_SIZE)] * 2), -1).reshape(-1, 2)
    found = LstmOracle(parameters).log_probabilities(pairs)
    total = np.exp(np.sum(found, -1)).sum()
    assert total == pytest.approx(1.0, abs=1e-5)


def test_the_published_oracle_scores_as_published(shared_data):
    oracle = LstmOracle(
        oracle_parameters.load(
            shared_data / "seqgan_oracle" / "target_params.npz"
        )
    )
    generator = np.random.default_rng(0)
    score = tf.function(oracle.log_probabilities)
    own = oracle.sample(tf.constant(generator.random((500, 20), np.float32)))
    # Four standard errors of the mean over 500 sequences.
    assert -np.mean(score(own)) == pytest.approx(5.75, abs=0.1)
    uniform = tf.constant(generator.integers(0, 5_000, (500, 20)), tf.int32)
    assert -np.mean(score(uniform)) == pytest.approx(11.43, abs=0.1)
