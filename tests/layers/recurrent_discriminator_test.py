"""The recurrent discriminator against the seed document's equations."""

import keras
import numpy as np
import tensorflow as tf

from tfstory.layers.recurrent_discriminator import RecurrentDiscriminator

TOKENS = tf.constant([[1, 2, 3, 4], [5, 5, 0, 0]])


def _small():
    keras.utils.set_random_seed(0)
    model = RecurrentDiscriminator(6, 3, 2)
    model.build((None, None))
    return model


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_logits_follow_the_equations():
    model = _small()
    embedding, kernel, recurrent, bias, output, output_bias = (
        model.get_weights()
    )
    bias = np.linspace(-1, 1, 6, dtype=np.float32)
    model.set_weights(
        [embedding, kernel, recurrent, bias, output, output_bias + 0.5]
    )
    # Keras keeps the old state with the gate that the document adds by.
    u_keep, u_reset, u_new = np.split(recurrent, 3, axis=1)
    state, expected = np.zeros([2, 2]), []
    for tokens in TOKENS.numpy().T:
        keep, reset, new = np.split(embedding[tokens] @ kernel + bias, 3, 1)
        keep = _sigmoid(keep + state @ u_keep)
        reset = _sigmoid(reset + state @ u_reset)
        new = np.tanh(new + (reset * state) @ u_new)
        state = keep * state + (1 - keep) * new
        expected.append((state @ output + 0.5)[:, 0])
    logits = model(TOKENS)
    assert logits.shape == [2, 4]
    np.testing.assert_allclose(logits, np.transpose(expected), atol=1e-5)


def test_a_logit_depends_on_no_later_token():
    model = _small()
    changed = tf.constant([[1, 2, 5, 5], [5, 5, 1, 2]])
    before, after = model(TOKENS), model(changed)
    np.testing.assert_allclose(before[:, :2], after[:, :2], atol=1e-6)
    assert np.all(np.abs(before[:, 2:] - after[:, 2:]) > 1e-6)


def test_padding_changes_no_logit_of_a_word():
    model = _small()
    np.testing.assert_allclose(
        model(TOKENS, mask=TOKENS != 0)[1, :2],
        model(TOKENS[1:, :2])[0],
        atol=1e-6,
    )


def test_all_weights_learn():
    model = _small()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(TOKENS, seed=[1, 2]) ** 2)
    gradients = tape.gradient(loss, model.trainable_weights)
    assert len(gradients) == 6
    for gradient in map(tf.convert_to_tensor, gradients):
        assert np.any(gradient != 0)


def test_the_seed_documents_size():
    model = RecurrentDiscriminator(10_000)
    model.build((None, None))
    gru = 3 * (200 * 200 + 200 * 200 + 200)
    assert model.count_params() == 10_000 * 200 + gru + 201
    assert model.regularization() == 0.0
