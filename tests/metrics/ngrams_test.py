"""Counts of n-grams by hand."""

import math

import pytest

from tfstory.metrics import ngrams


def test_counts():
    assert ngrams.count("abab", 2) == {("a", "b"): 2, ("b", "a"): 1}
    assert ngrams.count([3, 3], 1) == {(3,): 2}
    assert ngrams.count("ab", 3) == {}


def test_highest_counts_are_those_of_one_sentence():
    counts = [ngrams.count(s, 1) for s in ("aab", "abbb", "c")]
    assert ngrams.highest_counts(counts) == {("a",): 2, ("b",): 3, ("c",): 1}


def test_nearest_length_is_the_shorter_of_two():
    assert ngrams.nearest_length(4, [9, 6, 2]) == 2
    assert ngrams.nearest_length(5, [9, 6, 2]) == 6


def test_brevity_penalty():
    assert ngrams.brevity_penalty(5, 4) == 1.0
    assert ngrams.brevity_penalty(4, 5) == pytest.approx(math.exp(-1 / 4))
    assert ngrams.brevity_penalty(0, 0) == 0.0
