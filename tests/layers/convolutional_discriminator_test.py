"""The convolutional discriminator by NumPy, and its masks and dropout."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers import convolutional_discriminator
from tfstory.layers.convolutional_discriminator import (
    ConvolutionalDiscriminator,
    filters_for,
)

TOKENS = tf.constant([[1, 2, 3, 4, 5], [6, 2, 2, 0, 1]])


def _small(dropout=0.5):
    keras.utils.set_random_seed(0)
    model = ConvolutionalDiscriminator(7, 4, (1, 3, 5), (3, 2, 4), dropout)
    model.build((None, None))
    return model


def _by_numpy(model, tokens, starts):
    """The logit of one sequence, from windows that start below `starts`."""
    embedding, *weights = model.get_weights()
    x, pooled = embedding[tokens], []
    for kernel, bias in zip(weights[:6:2], weights[1:6:2], strict=True):
        width = len(kernel)
        maps = [
            np.einsum("we,wen->n", x[p : p + width], kernel) + bias
            for p in range(min(starts, len(tokens) - width + 1))
        ]
        pooled.append(np.max(np.maximum(maps, 0), axis=0))
    x = np.concatenate(pooled)
    kernel, bias, gate_kernel, gate_bias, output, output_bias = weights[6:]
    gate = 1 / (1 + np.exp(-(x @ gate_kernel + gate_bias)))
    x = gate * np.maximum(x @ kernel + bias, 0) + (1 - gate) * x
    return (x @ output + output_bias)[0]


def test_logits_equal_numpy():
    model = _small()
    logits = model(TOKENS)
    assert logits.shape == [2]
    np.testing.assert_allclose(
        logits,
        [_by_numpy(model, row, 5) for row in TOKENS.numpy()],
        rtol=1e-5,
    )


def test_windows_in_padding_do_not_count():
    model = _small()
    mask = tf.constant([[True] * 5, [True, True, False, False, False]])
    logits = model(TOKENS, mask=mask)
    rows = TOKENS.numpy()
    expected = [_by_numpy(model, rows[0], 5), _by_numpy(model, rows[1], 2)]
    np.testing.assert_allclose(logits, expected, rtol=1e-5)
    assert abs(logits[1] - model(TOKENS)[1]) > 1e-4


def test_all_weights_learn():
    model = _small()
    # All words occur, each in the largest window of some feature.
    tokens = tf.constant(np.random.default_rng(0).integers(0, 7, [64, 5]))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(tokens, seed=[1, 2]) ** 2)
    gradients = tape.gradient(loss, model.trainable_weights)
    assert len(gradients) == 1 + 6 + 4 + 2
    for gradient in map(tf.convert_to_tensor, gradients):
        assert np.any(gradient != 0)


def test_dropout_follows_its_seed():
    model = _small()
    once, again, other = (
        model(TOKENS, seed=tf.constant(seed)).numpy()
        for seed in ([1, 2], [1, 2], [1, 3])
    )
    np.testing.assert_array_equal(once, again)
    assert np.all(once != other)
    np.testing.assert_array_equal(model(TOKENS), model(TOKENS))
    np.testing.assert_array_equal(
        _small(dropout=0.0)(TOKENS, seed=[1, 2]), model(TOKENS)
    )


def test_dropout_keeps_the_mean():
    model = _small()
    tokens = tf.repeat(TOKENS[:1], 4000, axis=0)
    dropped = model(tokens, seed=[1, 2])
    deviation = np.std(dropped) / np.sqrt(4000)
    expected = model(TOKENS)[0]
    assert abs(np.mean(dropped) - expected) < 5 * deviation


def test_the_published_network_has_its_size():
    model = ConvolutionalDiscriminator(5000)
    model.build((None, 20))
    # The sum of width times filters is 12,500; of filters 1,720.
    assert model.count_params() == (
        5000 * 64
        + (64 * 12_500 + 1_720)
        + 2 * (1_720 * 1_720 + 1_720)
        + (1_720 + 1)
    )


def test_only_the_output_is_regularized():
    model = _small()
    kernel, bias = model.get_weights()[-2:]
    expected = (np.sum(kernel**2) + np.sum(bias**2)) / 2
    np.testing.assert_allclose(model.regularization(), expected, rtol=1e-6)


def test_filters_fit_the_sequences():
    assert filters_for(20) == (
        convolutional_discriminator.WIDTHS,
        convolutional_discriminator.FILTERS,
    )
    assert filters_for(4, 10) == ((1, 2, 3, 4), (10, 20, 20, 20))
    assert filters_for(1, 1000) == ((1,), (1,))


def test_filters_longer_than_the_sequences():
    with pytest.raises(ValueError, match="5 tokens is longer .* 4; see filt"):
        _small()(TOKENS[:, :4])


def test_widths_without_their_number_of_filters():
    with pytest.raises(ValueError, match="2 widths and 1 numbers"):
        ConvolutionalDiscriminator(7, 4, (1, 2), (3,))
