"""Roll-outs judged with shared work against every sequence by itself."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.convolutional_discriminator import (
    ConvolutionalDiscriminator,
)

VOCABULARY = 11


def _model(widths):
    filters = range(3, 3 + len(widths))
    model = ConvolutionalDiscriminator(VOCABULARY, 4, widths, list(filters))
    model.build((None, None))
    generator = np.random.default_rng(0)
    model.set_weights(
        [0.5 * generator.normal(size=w.shape) for w in model.weights]
    )
    return model


def _sequences(batch, count, length):
    """Sequences, and continuations of each of their prefixes."""
    generator = np.random.default_rng(1)
    tokens = generator.integers(0, VOCABULARY, [batch, length], np.int32)
    shape = [length - 1, batch, count, length]
    roll_outs = generator.integers(0, VOCABULARY, shape, np.int32)
    for t in range(length - 1):
        roll_outs[t, :, :, : t + 1] = tokens[:, np.newaxis, : t + 1]
    return tf.constant(tokens), tf.constant(roll_outs)


def _one_by_one(model, roll_outs):
    logits = model(tf.reshape(roll_outs, [-1, roll_outs.shape[-1]]))
    return tf.reshape(logits, roll_outs.shape[:-1])


@pytest.mark.parametrize(
    ("length", "count", "widths"),
    [
        (2, 3, (1, 2)),
        (5, 1, (5,)),
        (5, 4, (1,)),
        (7, 3, (1, 2, 4, 6, 7)),
        (12, 2, (3, 5, 11)),
    ],
)
def test_equals_judging_each_sequence(length, count, widths):
    model = _model(widths)
    tokens, roll_outs = _sequences(3, count, length)
    logits = model.roll_out_logits(tokens, roll_outs)
    expected = _one_by_one(model, roll_outs)
    assert logits.shape == expected.shape
    assert np.std(expected) > 0.1
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_the_batch_need_not_be_known():
    model = _model((1, 3))
    run = tf.function(
        model.roll_out_logits,
        input_signature=[
            tf.TensorSpec([None, 6], tf.int32),
            tf.TensorSpec([5, None, None, 6], tf.int32),
        ],
    )
    for batch, count in ((1, 2), (4, 1)):
        tokens, roll_outs = _sequences(batch, count, 6)
        np.testing.assert_allclose(
            run(tokens, roll_outs), _one_by_one(model, roll_outs), atol=1e-5
        )


def test_replicas_judge_alike(two_replicas):
    with two_replicas.scope():
        model = _model((1, 3))
    tokens, roll_outs = _sequences(2, 2, 6)
    run = tf.function(
        lambda: two_replicas.run(model.roll_out_logits, (tokens, roll_outs))
    )
    for logits in two_replicas.experimental_local_results(run()):
        np.testing.assert_allclose(
            logits, _one_by_one(model, roll_outs), atol=1e-5
        )


def test_no_gradient_flows():
    model = _model((1, 3))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model.roll_out_logits(*_sequences(2, 2, 6)))
    gradients = tape.gradient(loss, model.trainable_weights)
    assert all(gradient is None for gradient in gradients)


def test_in_mixed_precision():
    policy = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        model = _model((1, 3))
    finally:
        keras.mixed_precision.set_dtype_policy(policy)
    _, roll_outs = sequences = _sequences(2, 2, 6)
    np.testing.assert_allclose(
        tf.cast(model.roll_out_logits(*sequences), tf.float32),
        tf.cast(_one_by_one(model, roll_outs), tf.float32),
        atol=3e-2,
    )


def test_filters_longer_than_the_sequences():
    with pytest.raises(ValueError, match="7 tokens is longer"):
        _model((1, 7)).roll_out_logits(*_sequences(1, 1, 6))


def test_a_replica_may_have_no_sequence():
    model = _model((1, 3))
    tokens, roll_outs = _sequences(0, 2, 5)
    # Of the batch's size, graphs know nothing.
    judge = tf.function(
        model.roll_out_logits,
        input_signature=[
            tf.TensorSpec([None, 5], tf.int32),
            tf.TensorSpec([4, None, 2, 5], tf.int32),
        ],
    )
    assert judge(tokens, roll_outs).shape == [4, 0, 2]
