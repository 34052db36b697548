"""Sentences to vectors, by each of the readers."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers import readers
from tfstory.layers.sentence_encoder import SentenceEncoder

LENGTH = 6
VOCABULARY = 9


def _tokens(*words):
    return [1, *words, 2, *[0] * (LENGTH - 2 - len(words))]


@pytest.mark.parametrize("kind", readers.KINDS)
def test_a_sentence_has_one_vector_wherever_it_stands(kind):
    encoder = SentenceEncoder(VOCABULARY, 4, 5, kind)
    first, second = _tokens(4, 5, 6), _tokens(7)
    story = encoder(tf.constant([[first, second]])).vectors
    assert story.shape == [1, 2, 5]
    alone = encoder(tf.constant([second])).vectors
    np.testing.assert_allclose(story[0, 1:], alone, atol=1e-6)


@pytest.mark.parametrize("kind", readers.KINDS)
def test_padding_changes_nothing(kind):
    encoder = SentenceEncoder(VOCABULARY, 4, 5, kind)
    sentence = [1, 4, 5, 6, 2]
    bare, padded = ([*sentence, *[0] * count] for count in (0, 4))
    alone = encoder(tf.constant([bare]))
    with_padding = encoder(tf.constant([padded]))
    np.testing.assert_allclose(with_padding.vectors, alone.vectors, atol=1e-6)
    np.testing.assert_allclose(
        with_padding.words[:, :5], alone.words, atol=1e-6
    )


def test_convolutions_read_as_defined():
    """Against NumPy: residual convolutions, then greatest and mean."""
    reader = readers.ConvolutionReader(3)
    tokens = tf.constant([[1, 4, 5, 6, 2, 0, 0]])
    embedded = tf.random.stateless_normal([1, 7, 2], [0, 7])
    read = reader(embedded, tokens)
    x = embedded[0, :5].numpy() @ reader._first.kernel.numpy()
    for convolution in reader._convolutions:
        kernel = convolution.kernel.numpy()
        padded = np.pad(x, ((2, 2), (0, 0)))
        x = x + np.maximum(
            0,
            [
                np.einsum("wc,wco->o", padded[i : i + 5], kernel)
                for i in range(5)
            ],
        )
    np.testing.assert_allclose(
        read.sentence[0], [*x.max(axis=0), *x.mean(axis=0)], atol=1e-5
    )
    np.testing.assert_allclose(read.words[0, :5], x, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "minds"), [("gru", True), ("convolution", True), ("bag", False)]
)
def test_only_a_bag_does_not_mind_the_order_of_words(kind, minds):
    encoder = SentenceEncoder(VOCABULARY, 4, 5, kind)
    one, other = encoder(
        tf.constant([_tokens(4, 5, 6), _tokens(6, 5, 4)])
    ).vectors
    assert (float(tf.reduce_max(tf.abs(one - other))) > 1e-4) == minds


def test_there_is_no_other_reader():
    with pytest.raises(ValueError, match="one of .*'bag'.*, not 'bert'"):
        SentenceEncoder(VOCABULARY, 4, 5, "bert")


def test_both_readings_see_the_whole_sentence():
    """So each half of what they read depends on every word."""
    encoder = SentenceEncoder(VOCABULARY, 4, 5, "gru")
    encoder(tf.constant([_tokens(4)]))
    read = []
    encoder._vector = lambda x: read.append(x) or x
    encoder(tf.constant([_tokens(4, 5, 6)]))
    for place in range(3):
        words = [4, 5, 6]
        words[place] = 8
        encoder(tf.constant([_tokens(*words)]))
        difference = np.abs(read[-1] - read[0])[0]
        assert difference[:5].max() > 1e-5 and difference[5:].max() > 1e-5
