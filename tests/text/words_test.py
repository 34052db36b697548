"""Splitting sentences into words, and joining them again."""

import pytest
import tensorflow as tf

from tfstory.text import words


def _split(text):
    value = text if isinstance(text, bytes) else text.encode()
    pieces = words.split(tf.constant([value])).to_list()[0]
    return [piece.decode() for piece in pieces]


def _join(pieces):
    return (
        words.join(tf.ragged.constant([pieces], tf.string)).numpy()[0].decode()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ball, rolls.", ["the", "ball", ",", "rolls", "."]),
        ("Don't  stop\n\there", ["don't", "stop", "here"]),
        ("the _ ball", ["the", "_", "ball"]),
        ("a-b (c)", ["a", "-", "b", "(", "c", ")"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ＦＵＬＬ ﬁne", ["full", "fine"]),
        ("e\u0301te\u0301", ["\u00e9t\u00e9"]),
        ("3 cats, 42 dogs", ["3", "cats", ",", "42", "dogs"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("a\u00a0b\u3000c", ["a", "b", "c"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_split(text, expected):
    assert _split(text) == expected


def test_bytes_that_are_no_utf8_are_replaced_and_never_fail():
    assert _split(b"bad \xff\xfe word") == ["bad", "\ufffd", "\ufffd", "word"]


def test_normalize_keeps_the_shape():
    result = words.normalize(tf.constant([["A", "B"], ["Ä", ""]]))
    assert result.shape == [2, 2]
    assert result.numpy()[1, 0].decode() == "ä"


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            ["the", "ball", ",", "red", ",", "rolls", "."],
            "the ball, red, rolls.",
        ),
        (["look", "(", "there", ")", "!"], "look (there)!"),
        (["“", "go", "”"], "“go”"),
        (["who", "?", "!"], "who?!"),
    ],
)
def test_join_closes_up_punctuation(pieces, expected):
    assert _join(pieces) == expected


def test_join_of_no_words_is_empty():
    ragged = tf.RaggedTensor.from_row_lengths(["a"], [0, 1, 0])
    assert words.join(ragged).numpy().tolist() == [b"", b"a", b""]


@pytest.mark.parametrize(
    "sentence",
    [
        "the ball (red) rolls; then, it stops.",
        "don't go!",
        "a b c",
        "ada's well-known twenty-one-year-old cat",
        '"hello," she said. "come in!"',
        'he said: "go"',
        '("so") "a" "b"',
        "“come,” said ‘the cat’.",
        "it is 3.5 metres, or 1,000 steps.",
        "at 10:30 she paid $5, or 50%, for v2.0b",
        "wait... what?! and then...",
        "he and/or she",
        "in 2005, 3 dogs came. 4 left",
        "dogs' tails & o'clock",
    ],
)
def test_splitting_a_joined_sentence_gives_it_back(sentence):
    assert _join(_split(sentence)) == sentence


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '" a',
        'a " b " " c',
        "- a --b",
        "< unk > 5 . - 5 : 3",
        ". . , 3 . 4",
    ],
)
def test_joining_keeps_every_word(text):
    assert _split(_join(_split(text))) == _split(text)


def test_sentences_are_joined_each_by_itself():
    alone = ['it is "5', ". 5", '"go" 7', '"', "", '"a" b']
    together = words.join(words.split(tf.constant(alone))).numpy().tolist()
    assert together == [_join(_split(text)).encode() for text in alone]
    assert together[:3] == [b'it is "5', b". 5", b'"go" 7']


def test_text_that_is_split_already_stays_as_it_is():
    splitter = words.SPLITTERS["blanks"]
    text = ["Mr. Vinken 's <unk> N $ u.s.", "", "bad \ufffd"]
    raw = tf.constant([text[0].encode(), b"", b"bad  \xff"])
    found = splitter.split(raw)
    assert found[0].numpy().tolist() == [
        piece.encode() for piece in text[0].split()
    ]
    assert [line.decode() for line in splitter.join(found).numpy()] == text


def test_characters_join_to_the_same_text():
    splitter = words.SPLITTERS["characters"]
    text = ["C1=CC=CC=C1", "", "\u00e9\u4e2d"]
    raw = tf.constant([line.encode() for line in text])
    found = splitter.split(raw)
    assert [len(row) for row in found] == [11, 0, 2]
    assert [line.decode() for line in splitter.join(found).numpy()] == text
    # Bytes that are no UTF-8 become the replacement character.
    assert splitter.split(tf.constant([b"a\xff"])).to_list() == [
        [b"a", "\ufffd".encode()]
    ]
