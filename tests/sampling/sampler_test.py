"""The decoding loop over a small recurrent model and scripted ones."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.sampling import sampler
from tfstory.sampling.alphabet import WORDS
from tfstory.text import vocabulary

PAD, START, END, UNKNOWN = (
    vocabulary.PAD,
    vocabulary.START,
    vocabulary.END,
    vocabulary.UNKNOWN,
)
LENGTH = 12
SIZE = 9


def _weights(seed, shape):
    generator = np.random.default_rng(seed)
    return tf.constant(generator.normal(size=shape), tf.float32)


EMBEDDING = _weights(0, [SIZE, 6])
RECURRENT = _weights(1, [6, 6])
OUTPUT = _weights(2, [6, SIZE])


def _step(tokens, state):
    hidden = tf.tanh(
        tf.gather(EMBEDDING, tokens) + tf.linalg.matmul(state, RECURRENT)
    )
    return tf.linalg.matmul(hidden, OUTPUT), hidden


@tf.function(
    input_signature=[
        tf.TensorSpec([None, 6]),
        tf.TensorSpec([None]),
        tf.TensorSpec([None], tf.int64),
    ]
)
def _sample(state, temperature, seeds):
    return sampler.Sampler(LENGTH, WORDS, top_p=0.95).sample(
        _step, state, temperature, seeds
    )


def _inputs(count):
    return (
        _weights(3, [count, 6]),
        tf.constant(np.linspace(0, 1.5, count), tf.float32),
        tf.range(count, dtype=tf.int64) + 5,
    )


def _script(*sentences):
    """A model that says the scripted tokens, and never looks at others."""
    table = tf.constant(sentences)

    def step(tokens, place):
        del tokens
        said = tf.gather(table, place[0], axis=1)
        return tf.math.log(1.0 + 4.0 * tf.one_hot(said, SIZE)), place + 1

    return step, tf.zeros([len(sentences)], tf.int32)


def _greedy(step, state, count, **options):
    return sampler.Sampler(alphabet=WORDS, **options).sample(
        step, state, tf.zeros([count]), tf.zeros([count], tf.int64)
    )


def test_sentences_end_with_the_end_and_are_padded():
    step, state = _script([5, 6, 7, END, 8, 8], [END, 5, 5, 5, 5, 5])
    result = _greedy(step, state, 2, length=6)
    np.testing.assert_array_equal(
        result.tokens, [[5, 6, 7, END, PAD, PAD], [END] + [PAD] * 5]
    )
    np.testing.assert_array_equal(result.lengths, [4, 1])
    # Each scripted token has the probability 5 / (4 + 9).
    np.testing.assert_allclose(
        result.log_probability, np.log(5 / 13) * np.array([4, 1]), rtol=1e-5
    )


def test_a_sentence_without_end_is_cut():
    step, state = _script([5, 6, 7, 8])
    result = _greedy(step, state, 1, length=3)
    np.testing.assert_array_equal(result.tokens, [[5, 6, 7]])
    np.testing.assert_array_equal(result.lengths, [3])


def test_stops_as_soon_as_all_have_ended():
    calls = []
    script, state = _script([5, END, 5, 5], [5, 5, END, 5])

    def step(tokens, state):
        calls.append(tokens.numpy())
        return script(tokens, state)

    _greedy(step, state, 2, length=4)
    # Start, then what was chosen last.
    np.testing.assert_array_equal(calls, [[START, START], [5, 5], [END, 5]])


def test_writes_no_further_than_asked():
    calls = []

    def step(tokens, state):
        calls.append(tokens.numpy())
        return tf.zeros([len(tokens), SIZE]), state

    def sample(length=None):
        return sampler.Sampler(LENGTH, WORDS).sample(
            step,
            tf.zeros([8, 1]),
            tf.ones([8]),
            tf.range(8, dtype=tf.int64),
            length,
        )

    cut = sample(tf.constant(2))
    assert len(calls) == 2
    np.testing.assert_array_equal(cut.tokens, sample().tokens[:, :2])


def test_padding_and_start_are_never_sampled():
    def step(tokens, state):
        logits = tf.tensor_scatter_nd_update(
            tf.zeros([4, SIZE]),
            [[row, token] for row in range(4) for token in (PAD, START)],
            [9.0] * 8,
        )
        return logits, state

    result = sampler.Sampler(LENGTH, WORDS).sample(
        step,
        tf.zeros([4, 1]),
        tf.constant([0.0, 0.5, 1.0, 2.0]),
        tf.range(4, dtype=tf.int64),
    )
    for row, length in zip(result.tokens, result.lengths, strict=True):
        assert not {PAD, START} & set(row[:length].numpy())
    # The model's own probability, not that of the tokens left to choose.
    each = -np.log(2 * np.exp(9) + SIZE - 2)
    np.testing.assert_allclose(
        result.log_probability,
        each * result.lengths.numpy().astype(np.float32),
        rtol=1e-5,
    )


def test_unknown_words_can_be_forbidden():
    step, state = _script([UNKNOWN, END])
    allowed = _greedy(step, state, 1, length=2)
    np.testing.assert_array_equal(allowed.tokens, [[UNKNOWN, END]])
    forbidden = _greedy(step, state, 1, length=2, never=[UNKNOWN])
    assert UNKNOWN not in forbidden.tokens.numpy()


def test_log_probability_is_the_untempered_models():
    state, temperature, seeds = _inputs(8)
    result = _sample(state, temperature, seeds)
    tokens = result.tokens.numpy()
    total = np.zeros(8)
    before = np.full(8, START)
    for place in range(LENGTH):
        logits, state = _step(before, state)
        log_probabilities = tf.nn.log_softmax(logits).numpy()
        before = tokens[:, place]
        is_open = before != PAD
        total += log_probabilities[range(8), before] * is_open
    np.testing.assert_allclose(result.log_probability, total, rtol=1e-4)


def test_zero_temperature_is_greedy_whatever_the_seed():
    state = _weights(3, [4, 6])
    zero = tf.zeros([4])
    first = _sample(state, zero, tf.constant([1, 2, 3, 4], tf.int64))
    other = _sample(state, zero, tf.constant([9, 8, 7, 6], tf.int64))
    np.testing.assert_array_equal(first.tokens, other.tokens)


def test_the_same_seed_repeats_and_others_differ():
    state = tf.tile(_weights(3, [1, 6]), [20, 1])
    hot = tf.fill([20], 3.0)
    seeds = tf.range(20, dtype=tf.int64)
    first = _sample(state, hot, seeds).tokens.numpy()
    np.testing.assert_array_equal(first, _sample(state, hot, seeds).tokens)
    assert len(np.unique(first, axis=0)) > 10


def test_an_example_depends_on_nothing_else_in_its_batch():
    inputs = _inputs(9)
    whole = _sample(*inputs)
    order = [4, 0, 7, 2]
    part = _sample(*(tf.gather(value, order) for value in inputs))
    np.testing.assert_array_equal(part.tokens, whole.tokens.numpy()[order])
    for row in range(9):
        alone = _sample(*(value[row : row + 1] for value in inputs))
        np.testing.assert_array_equal(alone.tokens[0], whole.tokens[row])


def test_an_empty_batch_gives_no_sentences():
    result = _sample(*(value[:0] for value in _inputs(1)))
    assert result.tokens.shape == [0, LENGTH]
    assert result.log_probability.shape == [0]


def test_exported_sampler_says_the_same_after_loading(tmp_path):
    module = tf.Module()
    module.sample = tf.function(
        lambda state, temperature, seeds: _sample(
            state, temperature, seeds
        )._asdict(),
        input_signature=_sample.input_signature,
    )
    tf.saved_model.save(module, str(tmp_path), signatures=module.sample)
    loaded = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    for count in (1, 5):
        state, temperature, seeds = _inputs(count)
        expected = _sample(state, temperature, seeds)
        result = loaded(state=state, temperature=temperature, seeds=seeds)
        np.testing.assert_array_equal(result["tokens"], expected.tokens)
        np.testing.assert_array_equal(
            result["log_probability"], expected.log_probability
        )


def test_a_length_of_nothing_is_refused():
    with pytest.raises(ValueError, match="1 or more, not 0"):
        sampler.Sampler(0, WORDS)
