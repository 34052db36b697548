"""BLEU against a whole corpus as a reward, in-graph."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from tfstory.metrics import ngrams
from tfstory.metrics.sentence_bleu import EPSILON

# Stands where no n-gram does; no reference has it.
_NO_NGRAM = -1


class BleuReward:
    """Rewards each sequence by its BLEU against all references.

    The reward of PG-BLEU, a baseline of SeqGAN (Yu et al. 2017,
    arXiv:1609.05473): the BLEU of `tfstory.metrics.sentence_bleu`.

    Args:
      references: tokens of each, without padding, numbers from 0 on.
      order: length of the longest n-grams.

    Raises:
      ValueError: there are no references, or their n-grams cannot be numbered
        in 64 bits.
    """

    def __init__(self, references: Sequence[Sequence[int]], order: int = 2):
        if len(references) == 0:
            raise ValueError("BLEU needs a reference or more")
        highest = max((max(r) for r in references if len(r)), default=0)
        # One more number for all tokens that no reference has.
        self._base = int(highest) + 2
        if self._base**order > np.iinfo(np.int64).max:
            raise ValueError(
                f"{order}-grams of {self._base} tokens have no numbers of 64 "
                "bits; take a lower order"
            )
        lengths = {len(r) for r in references}
        # By length; what is longer than all is nearest to the longest.
        self._nearest = np.array(
            [
                ngrams.nearest_length(length, lengths)
                for length in range(max(lengths) + 1)
            ],
            np.float32,
        )
        self._tables = [
            _table(references, size, self._base) for size in range(1, order + 1)
        ]

    def __call__(self, tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Returns the rewards.

        Args:
          tokens: int32 `[batch, length]`.
          mask: float32 `[batch, length]`, 1 where a token counts.

        Returns:
          float32 `[batch]` in [0, 1].
        """
        tokens = tf.cast(tf.minimum(tokens, self._base - 1), tf.int64)
        log_precision = tf.zeros([tf.shape(tokens)[0]])
        has_match = None
        for size, (ids, allowed) in enumerate(self._tables, start=1):
            grams = _grams(tokens, mask, size, self._base)
            matches = _matches(grams, ids, allowed)
            total = tf.reduce_sum(_to_float(grams != _NO_NGRAM), axis=-1)
            if has_match is None:
                has_match = matches > 0
            matches = tf.where(matches > 0, matches, EPSILON)
            log_precision += tf.math.log(matches / tf.maximum(total, 1.0))
        bleu = tf.exp(log_precision / len(self._tables)) * self._penalty(mask)
        return tf.where(has_match, bleu, 0.0)

    def _penalty(self, mask):
        """Returns the brevity penalty `[batch]`."""
        length = tf.reduce_sum(mask, axis=-1)
        index = tf.minimum(tf.cast(length, tf.int32), len(self._nearest) - 1)
        wanted = tf.gather(self._nearest, index)
        return tf.minimum(1.0, tf.exp(1.0 - wanted / tf.maximum(length, 1.0)))


def _table(
    references: Sequence[Sequence[int]], size: int, base: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the n-grams' numbers, rising, and their highest counts."""
    highest = ngrams.highest_counts(
        ngrams.count(reference, size) for reference in references
    )
    numbers = {_NO_NGRAM: 0}
    for gram, count in highest.items():
        number = 0
        for token in gram:
            number = number * base + int(token)
        numbers[number] = count
    ids = sorted(numbers)
    return (
        np.array(ids, np.int64),
        np.array([numbers[number] for number in ids], np.int32),
    )


def _grams(tokens, mask, size, base):
    """Returns the number of the n-gram that begins at each place.

    int64 `[batch, length]`, `_NO_NGRAM` where one would reach over the end.
    """
    length = tf.shape(tokens)[1]
    ahead = [[0, 0], [0, size - 1]]
    tokens, mask = tf.pad(tokens, ahead), tf.pad(mask, ahead)
    grams = tf.zeros_like(tokens[:, :length])
    counts = tf.ones_like(grams, tf.bool)
    for offset in range(size):
        grams = grams * base + tokens[:, offset : offset + length]
        counts &= mask[:, offset : offset + length] > 0
    return tf.where(counts, grams, tf.cast(_NO_NGRAM, tf.int64))


def _matches(grams, ids, allowed):
    """Returns the clipped matches of each sequence, float32 `[batch]`."""
    flat = tf.reshape(grams, [-1])
    place = tf.minimum(tf.searchsorted(ids, flat), len(ids) - 1)
    is_known = tf.gather(ids, place) == flat
    # All that no reference has are one: they match nothing.
    place = tf.reshape(tf.where(is_known, place, 0), tf.shape(grams))
    # With equal ones side by side, one is within the highest count where the
    # one so many places before it is another.
    place = tf.sort(place, axis=-1)
    back = tf.range(tf.shape(place)[1]) - tf.gather(allowed, place)
    before = tf.gather(place, tf.maximum(back, 0), batch_dims=1)
    return tf.reduce_sum(_to_float((back < 0) | (before != place)), axis=-1)


def _to_float(flags):
    return tf.cast(flags, tf.float32)
