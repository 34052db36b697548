"""BLEU against a whole corpus by hand and beside NLTK."""

import math
import random

import pytest

from tfstory.metrics import sentence_bleu


def _sentences(seed, count):
    """Sentences of few words, some of them shorter than the orders."""
    chance = random.Random(seed)
    return [
        [chance.choice("abcd") for _ in range(chance.randint(1, 9))]
        for _ in range(count)
    ]


def test_hand_worked_case():
    sentences = [list("aab"), list("xy")]
    references = [list("abcd"), list("ca")]
    # The first: a once, b once of 3; "ab" of 2; no trigram of 1, nor longer
    # ones, of which it has room for none. Of lengths 4 and 2, the shorter is
    # the nearest. The second has nothing in common, and scores 0.
    result = sentence_bleu.mean_bleu(sentences, references)
    two = 2 / 3 * 1 / 2
    assert result == pytest.approx(
        {
            "bleu_2": math.sqrt(two) / 2,
            "bleu_3": (two * 0.1) ** (1 / 3) / 2,
            "bleu_4": (two * 0.1**2) ** (1 / 4) / 2,
            "bleu_5": (two * 0.1**3) ** (1 / 5) / 2,
        }
    )


def test_what_is_shorter_than_the_nearest_reference_is_penalised():
    result = sentence_bleu.mean_bleu([list("ab")], [list("abc"), list("x" * 9)])
    assert result["bleu_2"] == pytest.approx(math.exp(1 - 3 / 2))


def test_self_bleu_by_hand():
    # "aaa" has two of its bigrams in "aa" once at most, and the other way
    # round all; "b" shares nothing.
    sentences = [list("aaa"), list("aa"), ["b"]]
    first = math.sqrt(2 / 3 * 1 / 2)
    # Nearest to 2, without itself, are 3 and 1: the shorter.
    second = 1.0
    result = sentence_bleu.self_bleu(sentences)
    assert result["self_bleu_2"] == pytest.approx((first + second) / 3)


def test_a_sentence_written_twice_has_the_highest_self_bleu():
    sentences = [list("abcdef"), list("abcdef")]
    result = sentence_bleu.self_bleu(sentences)
    names = [f"self_bleu_{order}" for order in (2, 3, 4, 5)]
    assert result == pytest.approx(dict.fromkeys(names, 1.0))


def test_an_empty_sentence_scores_nothing():
    result = sentence_bleu.mean_bleu([[]], [list("ab"), []])
    assert set(result.values()) == {0.0}


def _nltk_bleu(sentence, references, order):
    from nltk.translate import bleu_score

    smoothing = bleu_score.SmoothingFunction().method1
    return bleu_score.sentence_bleu(
        references, sentence, [1 / order] * order, smoothing
    )


@pytest.mark.parametrize("order", sentence_bleu.ORDERS)
def test_equals_nltk(order):
    pytest.importorskip("nltk")
    sentences, references = _sentences(0, 30), _sentences(1, 8)
    expected = [_nltk_bleu(s, references, order) for s in sentences]
    result = sentence_bleu.mean_bleu(sentences, references)
    assert result[f"bleu_{order}"] == pytest.approx(sum(expected) / 30)

    expected = [
        _nltk_bleu(s, sentences[:i] + sentences[i + 1 :], order)
        for i, s in enumerate(sentences)
    ]
    result = sentence_bleu.self_bleu(sentences)
    assert result[f"self_bleu_{order}"] == pytest.approx(sum(expected) / 30)


def test_too_few_sentences_are_refused():
    with pytest.raises(ValueError, match="not 0 and 1"):
        sentence_bleu.mean_bleu([], [["a"]])
    with pytest.raises(ValueError, match="not 1 and 0"):
        sentence_bleu.mean_bleu([["a"]], [])
    with pytest.raises(ValueError, match="two sentences or more, not 1"):
        sentence_bleu.self_bleu([["a"]])
