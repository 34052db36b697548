"""BLEU of generated sentences against a whole corpus, and self-BLEU.

Each sentence is scored by itself, with every sentence of the corpus as its
reference; the figure is the mean over the sentences. So report SeqGAN (Yu et
al. 2017, arXiv:1609.05473) and Texygen (Zhu et al. 2018, "Texygen: A
Benchmarking Platform for Text Generation Models", arXiv:1802.01886). More
references give higher figures: compare figures of equally many.
"""

import collections
import math
from collections.abc import Iterable, Sequence

from tfstory.metrics import ngrams
from tfstory.metrics.ngrams import Tokens

# Of the figures that are reported; each takes in all orders below it.
ORDERS = (2, 3, 4, 5)
# Matches that an order without a match is taken to have: smoothing 1 of Chen
# and Cherry 2014, "A Systematic Comparison of Smoothing Techniques for
# Sentence-Level BLEU".
EPSILON = 0.1


def mean_bleu(
    sentences: Sequence[Tokens], references: Sequence[Tokens]
) -> dict[str, float]:
    """Returns the mean BLEU-2 to BLEU-5 of sentences.

    A sentence that has no token in common with the references scores 0, all
    others are smoothed. The brevity penalty takes the nearest length among
    the references, the shorter of two equally near.

    Args:
      sentences: tokens of each, without padding.
      references: tokens of each; all are references of every sentence.

    Returns:
      `bleu_2` ... `bleu_5`, in [0, 1].

    Raises:
      ValueError: there are no sentences or no references.
    """
    if not sentences or not references:
        raise ValueError(
            f"BLEU needs sentences and references, not {len(sentences)} and "
            f"{len(references)}"
        )
    lengths = {len(reference) for reference in references}
    nearest = [ngrams.nearest_length(len(s), lengths) for s in sentences]
    matches = []
    for order in _orders():
        allowed = ngrams.highest_counts(
            ngrams.count(reference, order) for reference in references
        )
        counts = (ngrams.count(sentence, order) for sentence in sentences)
        matches.append(
            [
                sum(min(n, allowed.get(gram, 0)) for gram, n in count.items())
                for count in counts
            ]
        )
    return _means("bleu", sentences, nearest, matches)


def self_bleu(sentences: Sequence[Tokens]) -> dict[str, float]:
    """Returns the mean BLEU-2 to BLEU-5 of each sentence against the others.

    High where a generator writes much the same again and again (Zhu et al.
    2018).

    Args:
      sentences: tokens of each, without padding.

    Returns:
      `self_bleu_2` ... `self_bleu_5`, in [0, 1].

    Raises:
      ValueError: there are fewer than two sentences.
    """
    if len(sentences) < 2:
        raise ValueError(
            f"self-BLEU needs two sentences or more, not {len(sentences)}"
        )
    matches = []
    for order in _orders():
        counts = [ngrams.count(sentence, order) for sentence in sentences]
        allowed = _highest_of_others(counts)
        matches.append(
            [
                sum(
                    min(n, allowed[gram].without(place))
                    for gram, n in count.items()
                )
                for place, count in enumerate(counts)
            ]
        )
    nearest = _nearest_of_others(sentences)
    return _means("self_bleu", sentences, nearest, matches)


class _Highest:
    """The highest count of an n-gram, whose it is, and the next one."""

    __slots__ = ("count", "owner", "second")

    def __init__(self):
        self.count = self.second = 0
        self.owner = None

    def add(self, count: int, owner: int) -> None:
        if count > self.count:
            self.count, self.second = count, self.count
            self.owner = owner
        elif count > self.second:
            self.second = count

    def without(self, owner: int) -> int:
        return self.second if owner == self.owner else self.count


def _highest_of_others(
    counts: Iterable[collections.Counter],
) -> dict[tuple, _Highest]:
    highest = collections.defaultdict(_Highest)
    for place, count in enumerate(counts):
        for gram, number in count.items():
            highest[gram].add(number, place)
    return highest


def _nearest_of_others(sentences: Sequence[Tokens]) -> list[int]:
    lengths = collections.Counter(len(sentence) for sentence in sentences)
    nearest = {}
    for length, number in lengths.items():
        others = lengths.keys() if number > 1 else lengths.keys() - {length}
        nearest[length] = ngrams.nearest_length(length, others)
    return [nearest[len(sentence)] for sentence in sentences]


def _orders() -> range:
    return range(1, max(ORDERS) + 1)


def _means(
    name: str,
    sentences: Sequence[Tokens],
    nearest: Sequence[int],
    matches: Sequence[Sequence[int]],
) -> dict[str, float]:
    """Returns the mean of each BLEU.

    Args:
      name: of the figures.
      sentences: tokens of each.
      nearest: for each sentence the reference length nearest to its own.
      matches: for each order the clipped matches of each sentence.
    """
    totals = dict.fromkeys(ORDERS, 0.0)
    for sentence, length, *found in zip(
        sentences, nearest, *matches, strict=True
    ):
        if not found[0]:
            continue
        penalty = ngrams.brevity_penalty(len(sentence), length)
        log_precisions = 0.0
        for order, matched in zip(_orders(), found, strict=True):
            total = max(1, len(sentence) - order + 1)
            log_precisions += math.log((matched or EPSILON) / total)
            if order in totals:
                totals[order] += penalty * math.exp(log_precisions / order)
    return {
        f"{name}_{order}": total / len(sentences)
        for order, total in totals.items()
    }
