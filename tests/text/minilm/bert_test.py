"""BERT's encoder against its equations, in every precision."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.text.minilm import tiny_bert
from tfstory.text.minilm import bert, checkpoint

IDS = tf.constant(tiny_bert.IDS, tf.int32)
IS_TOKEN = tiny_bert.IDS != bert.PAD


@pytest.fixture
def make():
    """Makes the tiny BERT under a policy of precision."""
    before = keras.config.dtype_policy()

    def make_under(policy="float32"):
        keras.config.set_dtype_policy(policy)
        encoder = bert.BertEncoder(tiny_bert.CONFIG)
        checkpoint.load(encoder, tiny_bert.checkpoint())
        return encoder

    yield make_under
    keras.config.set_dtype_policy(before)


def expected():
    """States of all tokens, one sentence's after the other's."""
    tensors = tiny_bert.checkpoint()
    return np.concatenate(
        [
            tiny_bert.states(tensors, ids[is_token])
            for ids, is_token in zip(tiny_bert.IDS, IS_TOKEN, strict=True)
        ]
    )


def test_states_follow_the_equations(make):
    states = make()(IDS)
    assert states.dtype == tf.float32
    assert states.shape == [*tiny_bert.IDS.shape, tiny_bert.CONFIG.units]
    np.testing.assert_allclose(states.numpy()[IS_TOKEN], expected(), atol=1e-5)


def test_padding_changes_nothing(make):
    encoder = make()
    padded = tf.pad(IDS, [[0, 0], [0, 5]])
    states = encoder(padded)[:, : IDS.shape[1]].numpy()
    np.testing.assert_allclose(
        states[IS_TOKEN], encoder(IDS).numpy()[IS_TOKEN], atol=1e-5
    )


def test_padding_alone_gives_finite_states(make):
    assert np.isfinite(make()(tf.zeros([2, 4], tf.int32))).all()


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_graph_takes_any_number_of_sentences(make, jit_compile):
    graph = tf.function(
        make(),
        input_signature=[tf.TensorSpec([None, None], tf.int32)],
        jit_compile=jit_compile,
    )
    np.testing.assert_allclose(
        tf.boolean_mask(graph(IDS), IS_TOKEN), expected(), atol=1e-5
    )
    first = tf.boolean_mask(graph(IDS[:1]), IS_TOKEN[:1])
    np.testing.assert_allclose(first, expected()[: len(first)], atol=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize(
    ("policy", "compute_dtype", "tolerance"),
    [
        ("mixed_float16", tf.float16, 0.02),
        ("mixed_bfloat16", tf.bfloat16, 0.15),
    ],
)
def test_mixed_precision_is_close(
    make, policy, compute_dtype, tolerance, jit_compile
):
    states = tf.function(make(policy), jit_compile=jit_compile)(IDS)
    assert states.dtype == compute_dtype
    states = tf.cast(states, tf.float32).numpy()
    np.testing.assert_allclose(states[IS_TOKEN], expected(), atol=tolerance)


def test_weights_are_kept_in_float32(make):
    encoder = make("mixed_float16")
    assert {v.dtype for v in encoder.weights} == {"float32"}
    assert len(encoder.weights) == len(tiny_bert.shapes())


def test_sentences_of_too_many_tokens(make):
    with pytest.raises(ValueError, match="13 tokens.*12 at most"):
        make()(tf.ones([1, 13], tf.int32))


def test_heads_share_the_units():
    with pytest.raises(ValueError, match="3 heads cannot share 8 units"):
        bert.BertEncoder(dataclasses.replace(tiny_bert.CONFIG, heads=3))
