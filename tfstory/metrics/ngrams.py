"""Counts of n-grams, and what else every BLEU is made of."""

import collections
import math
from collections.abc import Collection, Hashable, Iterable, Sequence

Tokens = Sequence[Hashable]


def count(tokens: Tokens, order: int) -> collections.Counter:
    """Returns how often each n-gram of an order occurs in a sentence."""
    starts = range(len(tokens) - order + 1)
    return collections.Counter(tuple(tokens[i : i + order]) for i in starts)


def highest_counts(
    counts: Iterable[collections.Counter],
) -> collections.Counter:
    """Returns the highest count of each n-gram in any one sentence.

    Args:
      counts: of each sentence.
    """
    # The union operator would walk through all n-grams for each sentence.
    highest = collections.Counter()
    for counted in counts:
        for ngram, number in counted.items():
            if number > highest.get(ngram, 0):
                highest[ngram] = number
    return highest


def nearest_length(length: int, lengths: Collection[int]) -> int:
    """Returns the length nearest to one, the shorter of two equally near."""
    return min(lengths, key=lambda other: (abs(other - length), other))


def brevity_penalty(hypothesis_length: int, reference_length: int) -> float:
    """Returns the factor for what is shorter than its reference.

    Papineni et al. 2002, section 2.2.2; 0 for what is empty.
    """
    if not hypothesis_length:
        return 0.0
    return min(1.0, math.exp(1 - reference_length / hypothesis_length))
