"""Corpus metrics of decoded sentences: BLEU and exact match."""

import math
from collections.abc import Sequence

from tfstory.metrics import ngrams
from tfstory.metrics.ngrams import Tokens

MAX_ORDER = 4


def corpus_bleu(
    hypotheses: Sequence[Tokens], references: Sequence[Sequence[Tokens]]
) -> dict[str, float]:
    """Returns BLEU-1 to BLEU-4 of a corpus, without smoothing.

    Papineni et al. 2002, "BLEU: a method for automatic evaluation of machine
    translation": the geometric mean of the corpus' clipped n-gram precisions
    of orders 1 to N, times the brevity penalty, with the reference length
    nearest to the hypothesis' (the shorter of two equally near). Zero where
    some order has no match.

    Args:
      hypotheses: tokens of each sentence.
      references: for each hypothesis one or more references.

    Returns:
      `bleu_1` ... `bleu_4`, in [0, 1].

    Raises:
      ValueError: no sentences, another number of references, or a hypothesis
        without a reference.
    """
    _check_lengths(hypotheses, references)
    matches = [0] * MAX_ORDER
    totals = [0] * MAX_ORDER
    hypothesis_length = 0
    reference_length = 0
    for hypothesis, candidates in zip(hypotheses, references, strict=True):
        if not candidates:
            raise ValueError("each hypothesis needs a reference or more")
        hypothesis_length += len(hypothesis)
        reference_length += ngrams.nearest_length(
            len(hypothesis), [len(candidate) for candidate in candidates]
        )
        for order in range(1, MAX_ORDER + 1):
            counts = ngrams.count(hypothesis, order)
            allowed = ngrams.highest_counts(
                ngrams.count(candidate, order) for candidate in candidates
            )
            matches[order - 1] += (counts & allowed).total()
            totals[order - 1] += counts.total()
    penalty = ngrams.brevity_penalty(hypothesis_length, reference_length)
    return {
        f"bleu_{order}": penalty
        * _geometric_mean(matches[:order], totals[:order])
        for order in range(1, MAX_ORDER + 1)
    }


def exact_match(
    hypotheses: Sequence[Tokens], references: Sequence[Tokens]
) -> float:
    """Returns the share of sentences that equal their reference.

    Args:
      hypotheses: tokens of each sentence.
      references: tokens of each sentence's reference.

    Raises:
      ValueError: no sentences, or another number of references.
    """
    _check_lengths(hypotheses, references)
    pairs = zip(hypotheses, references, strict=True)
    return sum(list(a) == list(b) for a, b in pairs) / len(hypotheses)


def _check_lengths(hypotheses: Sequence, references: Sequence) -> None:
    if not hypotheses or len(hypotheses) != len(references):
        raise ValueError(
            f"{len(hypotheses)} hypotheses and {len(references)} references: "
            "there must be as many of both, and at least one"
        )


def _geometric_mean(matches: Sequence[int], totals: Sequence[int]) -> float:
    if not all(matches):
        return 0.0
    logs = [
        math.log(match / total)
        for match, total in zip(matches, totals, strict=True)
    ]
    return math.exp(sum(logs) / len(logs))
