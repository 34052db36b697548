"""How much sequences of a set differ from each other."""

from collections.abc import Sequence

import numpy as np

from tfstory.metrics.ngrams import Tokens


def distinct_share(sequences: Sequence[Tokens]) -> float:
    """Returns the number of different sequences a sequence: 1 without repeats.

    Args:
      sequences: tokens of each, without padding.

    Raises:
      ValueError: there are none.
    """
    if not sequences:
        raise ValueError("the distinct share needs a sequence or more")
    return len({tuple(tokens) for tokens in sequences}) / len(sequences)


def mean_distance(
    sequences: Sequence[Tokens], pairs: int = 10_000, seed: int = 0
) -> float:
    """Returns the mean normalised edit distance of random pairs.

    Levenshtein's distance, by the length of the longer one of the two: 0
    where all sequences are one, 1 where no two have a token in common. The
    diversity of ORGAN (Guimaraes et al. 2017, arXiv:1705.10843) is of this
    kind.

    Args:
      sequences: tokens of each, without padding.
      pairs: how many are drawn, each of two places in `sequences`.
      seed: of the pairs.

    Raises:
      ValueError: there are fewer than two sequences.
    """
    count = len(sequences)
    if count < 2:
        raise ValueError(f"a distance needs two sequences or more, not {count}")
    generator = np.random.default_rng(seed)
    first = generator.integers(count, size=pairs)
    # Any other one, all alike.
    second = (first + generator.integers(1, count, size=pairs)) % count
    ids, lengths = _as_array(sequences)
    distances = edit_distances(
        ids[first], lengths[first], ids[second], lengths[second]
    )
    longer = np.maximum(lengths[first], lengths[second])
    return float(np.mean(distances / np.maximum(longer, 1)))


def edit_distances(
    first: np.ndarray,
    first_lengths: np.ndarray,
    second: np.ndarray,
    second_lengths: np.ndarray,
) -> np.ndarray:
    """Returns Levenshtein's distance of each pair.

    Wagner and Fischer 1974, "The String-to-String Correction Problem", over
    all pairs at once, a row of their tables at a time.

    Args:
      first: integer `[pairs, length]`, what stands behind the end is passed
        over.
      first_lengths: integer `[pairs]`.
      second: integer `[pairs, other length]`.
      second_lengths: integer `[pairs]`.

    Returns:
      integer `[pairs]`.
    """
    columns = np.arange(second.shape[1] + 1)
    # row[j]: from the tokens so far to the first j of the second sequence.
    row = np.tile(columns, (len(first), 1))
    distances = second_lengths
    for place in range(first.shape[1]):
        is_other = first[:, place, np.newaxis] != second
        changed = np.minimum(row[:, :-1] + is_other, row[:, 1:] + 1)
        row = np.concatenate([row[:, :1] + 1, changed], axis=1)
        # An insertion costs one a column to the right.
        row = np.minimum.accumulate(row - columns, axis=1) + columns
        is_last = first_lengths == place + 1
        distances = np.where(
            is_last, row[np.arange(len(row)), second_lengths], distances
        )
    return distances


def _as_array(sequences: Sequence[Tokens]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the tokens as padded numbers, and the lengths."""
    lengths = np.array([len(tokens) for tokens in sequences])
    numbers: dict = {}
    ids = np.zeros((len(sequences), lengths.max()), np.int32)
    for row, tokens in zip(ids, sequences, strict=True):
        row[: len(tokens)] = [
            numbers.setdefault(token, len(numbers)) for token in tokens
        ]
    return ids, lengths
