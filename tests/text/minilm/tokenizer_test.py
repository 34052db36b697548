"""WordPiece by hand on a small vocabulary, in Python and in a SavedModel."""

import numpy as np
import pytest
import tensorflow as tf

from tests.text.minilm import tiny_bert
from tfstory.errors import UserError
from tfstory.layers.pooling import masked_mean
from tfstory.text.minilm import bert, tokenizer

PIECES = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
    *("the", "ball", "##s", "roll", "##ing", ".", "'", "it", "s", "…", "山"),
    *("b", "##al", "-", "cafe"),
]
ID = {piece: i for i, piece in enumerate(PIECES)}
PAD, UNKNOWN, START, END = range(4)
LENGTH = 8


@pytest.fixture
def tokens(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("".join(piece + "\n" for piece in PIECES), "utf-8")
    return tokenizer.WordPieceTokenizer(str(path), LENGTH)


def test_attributes(tokens):
    assert (tokens.length, tokens.size) == (LENGTH, len(PIECES))
    special = (tokens.pad, tokens.unknown, tokens.start, tokens.end)
    assert special == (PAD, UNKNOWN, START, END)


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        ("", []),
        ("The ball.", ["the", "ball", "."]),
        ("balls rolling", ["ball", "##s", "roll", "##ing"]),
        # The longest piece first, and no way back from it.
        ("bal balling", ["b", "##al", "ball", "##ing"]),
        ("ballet ball", ["[UNK]", "ball"]),
        ("it's", ["it", "'", "s"]),
        ("CAFÉ cafe\u0301", ["cafe", "cafe"]),
        ("ball…", ["ball", "…"]),
        ("ball山山", ["ball", "山", "山"]),
        ("the\u00a0ball\u3000\tit", ["the", "ball", "it"]),
        ("ba\u00adll the\u200b \x00it \ufffd", ["ball", "the", "it"]),
        (b"the \xff ball", ["the", "ball"]),
        ("ball" + "s" * 96, ["ball", *["##s"] * 5]),
        ("ball" + "s" * 97, ["[UNK]"]),
        ("[SEP]", ["[UNK]", "[UNK]", "[UNK]"]),
    ],
)
def test_tokenize(tokens, sentence, pieces):
    result = tokens.tokenize(tf.constant([sentence]))
    assert result.dtype == tf.int32
    ids = [START, *(ID[piece] for piece in pieces), END]
    np.testing.assert_array_equal(result, [ids + [PAD] * (LENGTH - len(ids))])


def test_long_sentences_are_cut_and_keep_their_end(tokens):
    ids = tokens.tokenize(tf.constant("the ball " * 50))
    the_ball = [ID["the"], ID["ball"]]
    np.testing.assert_array_equal(ids, [START, *the_ball * 3, END])


def test_what_is_lost_are_pieces_of_long_sentences(tokens):
    lost = tokens.lost(
        ["ballet", "balls rolling balls.", "balls rolling balls ."]
    )
    assert lost == ([], [0, 1, 1])
    assert tokens.lost(["ball ball ball ball ball ball"]).cut == [0]


@pytest.mark.parametrize("shape", [[], [0], [2, 3], [0, 4], [2, 1, 2]])
def test_tokenize_keeps_the_shape(tokens, shape):
    result = tokens.tokenize(tf.fill(shape, "the balls"))
    assert result.shape == [*shape, LENGTH]
    one = tokens.tokenize(tf.constant("the balls"))
    np.testing.assert_array_equal(
        result, np.broadcast_to(one, [*shape, LENGTH])
    )


def test_static_shape_is_known_in_a_graph(tokens):
    graph = tf.function(
        tokens.tokenize, input_signature=[tf.TensorSpec([None, 5], tf.string)]
    )
    shape = graph.get_concrete_function().output_shapes
    assert shape.as_list() == [None, 5, LENGTH]


def test_detokenize_joins_pieces(tokens):
    sentences = tf.constant(["Balls, rolling.", "It's ball-roll", ""])
    result = tokens.detokenize(tokens.tokenize(sentences)).numpy().tolist()
    assert result == [
        b"balls [UNK] rolling.",
        b"it's ball-roll",
        b"",
    ]


def test_detokenize_stops_at_the_first_end(tokens):
    ids = tf.constant([[ID["the"], END, ID["ball"], END] + [PAD] * 4])
    assert tokens.detokenize(ids).numpy().tolist() == [b"the"]
    assert tokens.detokenize(ids[:0]).shape == [0]


def test_a_vocabulary_of_something_else(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("[PAD]\nthe\n[SEP]\n")
    with pytest.raises(UserError, match=r"no .*BERT.* lacks \[CLS\], \[UNK\]"):
        tokenizer.WordPieceTokenizer(str(path), LENGTH)


def test_a_moved_export_embeds_sentences(tmp_path, tokens):
    module = tf.Module()
    module.tokenizer = tokens
    module.encoder = bert.BertEncoder(tiny_bert.CONFIG)

    def embed(text):
        ids = tokens.tokenize(text)
        return {
            "ids": ids,
            "text": tokens.detokenize(ids),
            "vector": masked_mean(module.encoder(ids), ids != bert.PAD),
        }

    module.embed = tf.function(
        embed, input_signature=[tf.TensorSpec([None], tf.string)]
    )
    sentences = tf.constant(["The balls.", "it's 山", ""])
    expected = module.embed(sentences)
    tf.saved_model.save(
        module,
        str(tmp_path / "export"),
        signatures={"embed": module.embed},
    )
    (tmp_path / "export").rename(tmp_path / "moved")
    (tmp_path / "vocab.txt").unlink()
    loaded = tf.saved_model.load(str(tmp_path / "moved"))
    result = loaded.signatures["embed"](sentences)
    assert result["text"].numpy().tolist() == [
        b"the balls.",
        "it's 山".encode(),
        b"",
    ]
    np.testing.assert_array_equal(result["ids"], expected["ids"])
    np.testing.assert_allclose(result["vector"], expected["vector"], atol=1e-6)
