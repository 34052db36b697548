"""Sentences to ids and back, in Python and in a SavedModel."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.text import tokenizer, vocabulary

PAD, START, END, UNKNOWN = (
    vocabulary.PAD,
    vocabulary.START,
    vocabulary.END,
    vocabulary.UNKNOWN,
)
THE, BALL, STOP, ROLLS = range(4, 8)
LENGTH = 6


@pytest.fixture
def tokens(tmp_path):
    path = tmp_path / "vocabulary.txt"
    path.write_bytes(b"the\nball\n.\nrolls\n")
    return tokenizer.Tokenizer(str(path), LENGTH)


def test_size_holds_the_special_tokens(tokens):
    assert tokens.size == 8


@pytest.mark.parametrize(
    ("sentence", "ids"),
    [
        ("The ball.", [START, THE, BALL, STOP, END, PAD]),
        ("the cube", [START, THE, UNKNOWN, END, PAD, PAD]),
        ("the _", [START, THE, UNKNOWN, END, PAD, PAD]),
        ("", [START, END, PAD, PAD, PAD, PAD]),
        ("the ball rolls.", [START, THE, BALL, ROLLS, STOP, END]),
        # Too long: cut, and the end kept.
        ("the ball rolls the ball.", [START, THE, BALL, ROLLS, THE, END]),
    ],
)
def test_tokenize(tokens, sentence, ids):
    result = tokens.tokenize(tf.constant([sentence]))
    assert result.dtype == tf.int32
    np.testing.assert_array_equal(result, [ids])


@pytest.mark.parametrize("shape", [[], [0], [2, 3], [0, 4], [2, 1, 2]])
def test_tokenize_keeps_the_shape(tokens, shape):
    sentences = tf.fill(shape, "the ball")
    result = tokens.tokenize(sentences)
    assert result.shape == [*shape, LENGTH]
    if 0 not in shape:
        one = tokens.tokenize(tf.constant(["the ball"]))[0]
        np.testing.assert_array_equal(
            result, np.broadcast_to(one, [*shape, LENGTH])
        )


def test_static_shape_is_known_in_a_graph(tokens):
    graph = tf.function(
        tokens.tokenize, input_signature=[tf.TensorSpec([None, 5], tf.string)]
    )
    shape = graph.get_concrete_function().output_shapes
    assert shape.as_list() == [None, 5, LENGTH]


def test_detokenize_stops_at_the_first_end(tokens):
    ids = tf.constant(
        [
            [START, THE, BALL, STOP, END, PAD],
            [THE, BALL, END, THE, BALL, END],
            [START, THE, UNKNOWN, END, PAD, PAD],
            [END, PAD, PAD, PAD, PAD, PAD],
        ]
    )
    assert tokens.detokenize(ids).numpy().tolist() == [
        b"the ball.",
        b"the ball",
        b"the <unk>",
        b"",
    ]


def test_detokenize_of_nothing(tokens):
    assert tokens.detokenize(tf.zeros([0, LENGTH], tf.int32)).shape == [0]


def test_detokenize_gives_a_tokenized_sentence_back(tokens):
    sentences = tf.constant(["the ball rolls.", "ball, the"])
    result = tokens.detokenize(tokens.tokenize(sentences)).numpy().tolist()
    assert result == [b"the ball rolls.", b"ball <unk> the"]


def test_a_moved_export_carries_its_vocabulary(tmp_path, tokens):
    module = tf.Module()
    module.tokenizer = tokens
    module.there = tf.function(
        lambda text: {"ids": tokens.tokenize(text)},
        input_signature=[tf.TensorSpec([None], tf.string, name="text")],
    )
    module.back = tf.function(
        lambda ids: {"text": tokens.detokenize(ids)},
        input_signature=[tf.TensorSpec([None, LENGTH], tf.int32, name="ids")],
    )
    tf.saved_model.save(
        module,
        str(tmp_path / "export"),
        signatures={"there": module.there, "back": module.back},
    )
    (tmp_path / "export").rename(tmp_path / "moved")
    (tmp_path / "vocabulary.txt").unlink()
    loaded = tf.saved_model.load(str(tmp_path / "moved"))
    ids = loaded.signatures["there"](tf.constant(["The ball.", "a"]))["ids"]
    np.testing.assert_array_equal(
        ids,
        [[START, THE, BALL, STOP, END, PAD], [START, UNKNOWN, END] + [PAD] * 3],
    )
    text = loaded.signatures["back"](ids)["text"].numpy().tolist()
    assert text == [b"the ball.", b"<unk>"]


def test_text_that_is_split_at_blanks_keeps_its_unknown_words(tmp_path):
    counts = vocabulary.count_words(
        [tf.constant(["Mr. Vinken <unk>", "Mr. <unk> <unk>"])], "blanks"
    )
    assert counts == {b"Mr.": 2, b"Vinken": 1}
    path = str(tmp_path / "vocabulary.txt")
    vocabulary.write(path, counts, size=10)
    tokens = tokenizer.Tokenizer(path, LENGTH, "blanks")
    text = [b"Mr. <unk> Vinken", b""]
    ids = tokens.tokenize(tf.constant(text))
    np.testing.assert_array_equal(ids[0], [START, 4, UNKNOWN, 5, END, PAD])
    assert tokens.detokenize(ids).numpy().tolist() == text


def test_what_is_lost(tokens):
    lost = tokens.lost(
        ["The cube, the cube.", "the ball rolls.", "the ball rolls the sea."]
    )
    assert lost.unknown == ["cube", ",", "sea"]
    assert lost.cut == [2, 0, 2]
    assert tokens.lost(["", "the ball"]) == ([], [0, 0])
