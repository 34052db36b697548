"""BLEU and exact match against a hand-worked case and other libraries."""

import math
import random

import pytest

from tfstory.metrics import bleu


def _corpus():
    """Sentences from few words, so that all orders match now and then."""
    chance = random.Random(0)
    words = ["the", "red", "ball", "moves"]
    hypotheses = [
        [chance.choice(words) for _ in range(chance.randint(4, 12))]
        for _ in range(40)
    ]
    references = [
        [
            [chance.choice(words) for _ in range(chance.randint(4, 14))]
            for _ in range(2)
        ]
        for _ in hypotheses
    ]
    return hypotheses, references


def test_hand_worked_case():
    hypotheses = ["the the the cat sat".split(), "a dog".split()]
    references = [["the cat sat on the mat".split()], ["a dog".split()]]
    # "the" counts twice at most: 4 of 5, and 2 of 2. Bigrams: "the cat" and
    # "cat sat" of 4, "a dog" of 1. Trigrams: "the cat sat" of 3. Length 7
    # against 8.
    penalty = math.exp(1 - 8 / 7)
    result = bleu.corpus_bleu(hypotheses, references)
    assert result["bleu_1"] == pytest.approx(penalty * 6 / 7)
    assert result["bleu_2"] == pytest.approx(penalty * math.sqrt(6 / 7 * 3 / 5))
    assert result["bleu_3"] == pytest.approx(
        penalty * (6 / 7 * 3 / 5 * 1 / 3) ** (1 / 3)
    )
    assert result["bleu_4"] == 0


def test_equal_corpora_score_one_and_foreign_ones_zero():
    sentences = ["a b c d e".split(), "f g h i".split()]
    same = bleu.corpus_bleu(sentences, [[s] for s in sentences])
    assert list(same) == ["bleu_1", "bleu_2", "bleu_3", "bleu_4"]
    assert all(value == pytest.approx(1) for value in same.values())
    other = bleu.corpus_bleu(sentences, [["x y z v w".split()]] * 2)
    assert set(other.values()) == {0}


def test_empty_hypotheses_score_zero():
    result = bleu.corpus_bleu([[]], [["a b c d".split()]])
    assert set(result.values()) == {0}


def test_of_two_equally_near_references_the_shorter_counts():
    references = [["a b c d e f".split(), "a b".split()]]
    # Length 4 lies 2 from both: the shorter, so no brevity penalty.
    result = bleu.corpus_bleu(["a b c d".split()], references)
    assert result["bleu_4"] == pytest.approx(1)


def test_equals_sacrebleu():
    sacrebleu = pytest.importorskip("sacrebleu")
    hypotheses, references = _corpus()
    result = bleu.corpus_bleu(hypotheses, references)
    for order in range(1, 5):
        metric = sacrebleu.BLEU(
            max_ngram_order=order, tokenize="none", smooth_method="none"
        )
        score = metric.corpus_score(
            [" ".join(h) for h in hypotheses],
            [[" ".join(r[i]) for r in references] for i in range(2)],
        )
        assert 0.01 < result[f"bleu_{order}"] < 0.99
        assert result[f"bleu_{order}"] == pytest.approx(score.score / 100)


def test_equals_nltk():
    translate = pytest.importorskip("nltk.translate.bleu_score")
    hypotheses, references = _corpus()
    result = bleu.corpus_bleu(hypotheses, references)
    for order in range(1, 5):
        expected = translate.corpus_bleu(
            references, hypotheses, weights=[1 / order] * order
        )
        assert result[f"bleu_{order}"] == pytest.approx(expected)


def test_exact_match_is_the_share_of_equal_sentences():
    hypotheses = [["a", "b"], ["a"], [], ["c", "a"]]
    references = [["a", "b"], ["a", "a"], [], ["a", "c"]]
    assert bleu.exact_match(hypotheses, references) == 0.5


@pytest.mark.parametrize("metric", [bleu.corpus_bleu, bleu.exact_match])
def test_unequal_or_empty_corpora_are_refused(metric):
    with pytest.raises(ValueError, match="1 hypotheses and 2 references"):
        metric([["a"]], [["a"], ["b"]])
    with pytest.raises(ValueError, match="at least one"):
        metric([], [])


def test_a_hypothesis_without_a_reference_is_refused():
    with pytest.raises(ValueError, match="a reference or more"):
        bleu.corpus_bleu([["a"]], [[]])
