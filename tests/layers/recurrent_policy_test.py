"""The recurrent policy against NumPy, step by step and all at once."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.recurrent_policy import RecurrentPolicy
from tfstory.sampling.alphabet import TOKENS, WORDS

SIZE, EMBEDDING, UNITS, LENGTH = 9, 3, 4, 5


def _policy(cell="gru", alphabet=TOKENS, **settings):
    tf.keras.utils.set_random_seed(0)
    settings = {"deviation": 0.8, **settings}
    return RecurrentPolicy(SIZE, EMBEDDING, UNITS, cell, alphabet, **settings)


def _tokens(batch=3):
    tokens = np.random.default_rng(0).integers(4, SIZE, [batch, LENGTH])
    return tf.constant(tokens, tf.int32)


def _noise(batch=3):
    return np.float32(np.random.default_rng(1).normal(size=[batch, UNITS]))


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _gru(x, hidden, cell, kernel, recurrent, bias):
    """Seed document 002, section 4.1; its gate i is Keras's 1 - z."""
    w, u, b = (np.split(v, 3, axis=-1) for v in (kernel, recurrent, bias))
    read_in = 1 - _sigmoid(x @ w[0] + hidden @ u[0] + b[0])
    reset = _sigmoid(x @ w[1] + hidden @ u[1] + b[1])
    candidate = np.tanh(x @ w[2] + (reset * hidden) @ u[2] + b[2])
    return read_in * candidate + (1 - read_in) * hidden, cell


def _lstm(x, hidden, cell, kernel, recurrent, bias):
    gates = x @ kernel + hidden @ recurrent + bias
    entry, forget, candidate, output = np.split(gates, 4, axis=-1)
    cell = _sigmoid(forget) * cell + _sigmoid(entry) * np.tanh(candidate)
    return _sigmoid(output) * np.tanh(cell), cell


@pytest.mark.parametrize(("cell", "advance"), [("gru", _gru), ("lstm", _lstm)])
def test_states_and_logits_equal_numpy(cell, advance):
    policy = _policy(cell)
    found = {v.path.split("/")[-1]: v.numpy() for v in policy.weights}
    # Of several weights all are drawn, biases too.
    assert all(np.std(value) > 0.2 for value in found.values())
    gates = [found[k] for k in ("kernel", "recurrent_kernel", "bias")]
    hidden, cell_state = _noise(), np.zeros([3, UNITS])
    inputs = np.pad(_tokens(), [[0, 0], [1, 0]])[:, :-1]
    expected = []
    for token in inputs.T:
        x = found["embeddings"][token]
        hidden, cell_state = advance(x, hidden, cell_state, *gates)
        expected.append(hidden)
    expected = np.stack(expected, axis=1)
    read = policy.read(_tokens(), policy.state_of(_noise()))
    np.testing.assert_allclose(read, expected, atol=1e-5)
    np.testing.assert_allclose(
        policy.logits(read),
        expected @ found["output_kernel"].T + found["output_bias"],
        atol=1e-5,
    )


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_steps_equal_reading(cell):
    policy = _policy(cell, WORDS)
    whole = policy.logits(policy.read(_tokens(), policy.state_of(_noise())))
    state = policy.state_of(_noise())
    for place, token in enumerate(WORDS.inputs(_tokens()).numpy().T):
        logits, state = policy.step(tf.constant(token), state)
        np.testing.assert_allclose(logits, whole[:, place], atol=1e-5)


def test_a_tied_kernel_is_the_embedding():
    tied = RecurrentPolicy(SIZE, UNITS, UNITS, "gru", TOKENS, tied=True)
    untied = RecurrentPolicy(SIZE, UNITS, UNITS, "gru", TOKENS)
    assert len(tied.weights) == len(untied.weights) - 1
    hidden = tf.constant(_noise())
    embeddings = tied.embedding.embeddings
    np.testing.assert_allclose(
        tied.logits(hidden), hidden @ tf.transpose(embeddings), atol=1e-6
    )
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(tied.logits(hidden)))
    assert np.any(tape.gradient(loss, embeddings.value)[7] != 0)


def test_every_word_has_its_entries():
    policy = _policy()
    for variable, axis in policy.word_weights:
        assert variable.shape[axis] == SIZE
    assert len(policy.word_weights) == 3
    tied = RecurrentPolicy(SIZE, UNITS, UNITS, "gru", TOKENS, tied=True)
    assert len(tied.word_weights) == 2


def test_forbidden_tokens_never_come_and_cost_finitely_much():
    policy = _policy(alphabet=WORDS)
    uniforms = tf.random.stateless_uniform([500, LENGTH], [0, 0])
    found = policy.sample(policy.first_state(500), uniforms)
    # Padding stands behind an end alone.
    counted = found.tokens.numpy()[WORDS.mask(found.tokens) > 0]
    assert set(counted) == set(range(SIZE)) - set(WORDS.never)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        [0, 1], policy.logits(_noise(2))
    )
    assert np.all(np.isfinite(losses)) and np.all(losses > 1e6)


def test_samples_have_the_policys_probabilities():
    policy = _policy()
    uniforms = tf.random.stateless_uniform([4_000, 2], [0, 0])
    found = policy.sample(policy.first_state(4_000), uniforms)
    logits, _ = policy.step(tf.constant([0]), policy.first_state(1))
    shares = np.bincount(found.tokens[:, 0], minlength=SIZE) / 4_000
    np.testing.assert_allclose(shares, tf.nn.softmax(logits)[0], atol=0.03)
    np.testing.assert_allclose(
        found.log_probabilities[:, 0],
        tf.gather(tf.nn.log_softmax(logits)[0], found.tokens[:, 0]),
        atol=1e-5,
    )


def test_half_precision_draws_from_what_is_trained():
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        policy = _policy()
        hidden = policy.read(_tokens(), policy.first_state(3))
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    assert hidden.dtype == tf.bfloat16
    rows, targets = tf.reshape(hidden, [-1, UNITS]), tf.reshape(_tokens(), [-1])
    logs = tf.nn.log_softmax(policy.logits(rows))
    np.testing.assert_allclose(
        policy.nll(rows, targets),
        -tf.gather(logs, targets, batch_dims=1),
        rtol=1e-5,
    )


def test_dropout_by_its_seed_alone():
    policy = _policy(dropout=0.5)
    state = policy.first_state(3)

    def read(*seed):
        return policy.read(_tokens(), state, *seed).numpy()

    one = read(tf.constant([3, 1]))
    np.testing.assert_array_equal(one, read(tf.constant([3, 1])))
    assert not np.array_equal(one, read(tf.constant([3, 2])))
    # What is left out of the state is left out at all places alike.
    is_out = one == 0
    assert 0 < is_out.mean() < 1
    np.testing.assert_array_equal(
        is_out, np.broadcast_to(is_out[:, :1], is_out.shape)
    )
    whole = read()
    np.testing.assert_array_equal(whole, read(None))
    assert np.all(whole != 0)
    # A policy without dropout has no use for a seed.
    np.testing.assert_array_equal(
        whole, _policy().read(_tokens(), state, tf.constant([3, 1]))
    )


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="cell must be one of"):
        _policy("rnn")
    with pytest.raises(ValueError, match="of 3 cannot be tied to a state of 4"):
        _policy(tied=True)
