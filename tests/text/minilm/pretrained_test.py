"""What the installed all-MiniLM-L6-v2 says, against PyTorch's answers.

Ids were taken once from Hugging Face's BertTokenizer (slow and fast alike),
states from its BertModel in float32, both on the installed package's files.
"""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.layers.pooling import masked_mean
from tfstory.text.minilm import bert, checkpoint, package, tokenizer

START, END = 101, 102
LENGTH = 32

IDS = [
    ("", []),
    (
        "Café crème à la carte, naïve Zoë!",
        [7668, 13675, 21382, 1037, 2474, 11122, 2063, 1010, 15743, 11199, 999],
    ),
    ("e\u0301clair nai\u0308ve", [14925, 19771, 2099, 15743]),
    ("东京 is big, 山 too.", [100, 1755, 2003, 2502, 1010, 1831, 2205, 1012]),
    (
        "日本語テキスト、句読点。",
        [
            1864,
            1876,
            1950,
            1713,
            30227,
            30233,
            30240,
            1635,
            100,
            100,
            100,
            1636,
        ],
    ),
    (
        "ひらがな カタカナ",
        [1673, 30211, 30177, 30193, 1700, 30235, 30226, 30241],
    ),
    (
        "привет мир",
        [1194, 16856, 10325, 25529, 15290, 22919, 1191, 10325, 16856],
    ),
    (
        "ΟΔΥΣΣΕΥΣ the GREEK",
        [1169, 29722, 29735, 29733, 29733, 29723, 29735, 29733, 1996, 3306],
    ),
    ("İstanbul'da", [9960, 1005, 4830]),
    ("Straße in Köln", [2358, 27807, 1999, 28306]),
    (
        "Don't stop: it's Ada's kite.",
        [2123, 1005, 1056, 2644, 1024, 2009, 1005, 1055, 15262, 1005, 1055]
        + [20497, 1012],
    ),
    (
        "He paid $3.50 (or 12,000 yen) at 9:45.",
        [2002, 3825, 1002, 1017, 1012, 2753, 1006, 2030, 2260, 1010, 2199]
        + [18371, 1007, 2012, 1023, 1024, 3429, 1012],
    ),
    ("1st 2nd 3rd 1980s", [3083, 3416, 3822, 3865]),
    ("x" * 120 + " end", [100, 2203]),
    ("é" * 101 + " more", [100, 2062]),
    (
        "unbelievably antidisestablishmentarianism",
        [4895, 8671, 2666, 3567, 6321, 3424, 10521, 4355, 7875, 13602, 3672]
        + [12199, 2964],
    ),
    ("Wait… what?", [3524, 1529, 2054, 1029]),
    (
        "½ of the ﬁsh costs 5€ ™",
        [1092, 1997, 1996, 1984, 4095, 5366, 1019, 30102, 1580],
    ),
    ("fullwidth ＡＢＣ１", [2440, 9148, 11927, 2232, 100]),
    (
        "“Quoted” — ‘single’ – dash",
        [1523, 9339, 1524, 1517, 1520, 2309, 1521, 1516, 11454],
    ),
    ("¿Qué? ¡Sí!", [1094, 10861, 1029, 1067, 9033, 999]),
    (
        "a_b c@d.com #tag http://x.y/z?q=1",
        [1037, 1035, 1038, 1039, 1030, 1040, 1012, 4012, 1001, 6415, 8299]
        + [1024, 1013, 1013, 1060, 1012, 1061, 1013, 1062, 1029, 1053, 1027]
        + [1015],
    ),
    ("tab\tnew\nline\r\nreturn", [21628, 2047, 2240, 2709]),
    (
        "soft\xadhyphen zero\u200bwidth",
        [3730, 10536, 8458, 2368, 5717, 9148, 11927, 2232],
    ),
    ("\x00null \ufffd bad", [19701, 2919]),
]

SENTENCES = [
    "A brown moon hangs over the lake.",
    "The moon over the lake is brown.",
    "Ada finds a kite, and it flies away!",
    "Prices of copper fell by 3.5% in Chile.",
]
# The first components of each sentence's mean state.
MEANS = [
    [0.070934, 0.211816, 0.311989, -0.178250, -0.037605],
    [0.150669, 0.264462, 0.297392, -0.154841, 0.012347],
    [-0.204861, 0.268785, -0.137238, 0.288765, 0.127554],
    [0.081458, -0.335042, 0.152972, 0.459590, 0.469272],
]
NORMS = [6.466536, 6.161803, 5.578229, 5.377905]
COSINES = [
    [1.0, 0.874403, 0.117373, 0.036433],
    [0.874403, 1.0, 0.113953, 0.094932],
    [0.117373, 0.113953, 1.0, 0.026142],
    [0.036433, 0.094932, 0.026142, 1.0],
]


@pytest.fixture(scope="module")
def tokens(installed_model):
    path = package.vocabulary_path(installed_model)
    return tokenizer.WordPieceTokenizer(path, LENGTH)


def test_special_ids(tokens):
    assert tokens.size == 30522
    special = (tokens.pad, tokens.unknown, tokens.start, tokens.end)
    assert special == (0, 100, START, END)


def test_ids_are_those_of_bert(tokens):
    result = tokens.tokenize(tf.constant([sentence for sentence, _ in IDS]))
    for (sentence, ids), row in zip(IDS, result.numpy(), strict=True):
        expected = [START, *ids, END]
        expected += [0] * (LENGTH - len(expected))
        assert row.tolist() == expected, sentence


@pytest.fixture(scope="module")
def encoder(installed_model):
    return checkpoint.pretrained()


def test_means_are_those_of_the_pretrained_model(tokens, encoder):
    ids = tokens.tokenize(tf.constant(SENTENCES))
    means = masked_mean(encoder(ids), ids != bert.PAD)
    np.testing.assert_allclose(means[:, :5], MEANS, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(means, axis=1), NORMS, atol=1e-4)


def test_cosines_are_those_of_the_pretrained_model(tokens, encoder):
    ids = tokens.tokenize(tf.constant(SENTENCES))
    means = masked_mean(encoder(ids), ids != bert.PAD)
    vectors = tf.math.l2_normalize(means, axis=-1)
    np.testing.assert_allclose(
        vectors @ tf.transpose(vectors), COSINES, atol=1e-5
    )
