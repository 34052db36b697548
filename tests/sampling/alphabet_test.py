"""Masks and inputs of sequences with and without an end."""

import numpy as np
import tensorflow as tf

from tfstory.sampling.alphabet import TOKENS, WORDS
from tfstory.text import vocabulary

END, PAD, START = vocabulary.END, vocabulary.PAD, vocabulary.START


def test_mask_goes_up_to_the_first_end():
    tokens = tf.constant([[5, END, PAD, PAD], [5, 6, 7, 8], [END, 5, END, 5]])
    np.testing.assert_array_equal(
        WORDS.mask(tokens), [[1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0]]
    )
    np.testing.assert_array_equal(TOKENS.mask(tokens), np.ones([3, 4]))


def test_inputs_are_what_each_token_comes_after():
    tokens = tf.constant([[5, 6, END], [7, END, PAD]])
    np.testing.assert_array_equal(
        WORDS.inputs(tokens), [[START, 5, 6], [START, 7, END]]
    )
    np.testing.assert_array_equal(TOKENS.inputs(tokens)[:, 0], [0, 0])


def test_padding_and_end_have_ended():
    np.testing.assert_array_equal(
        WORDS.has_ended(tf.constant([END, PAD, 9])), [True, True, False]
    )
    assert not TOKENS.has_ended(tf.constant([END, PAD, 9])).numpy().any()
