"""What whole sets of generated sequences tell: BLEU, diversity, objectives."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from tfstory.metrics import diversity, sentence_bleu
from tfstory.systems.policy.codec import TOKENS
from tfstory.systems.policy.model import PolicyModel
from tfstory.systems.policy.rewards import Objective

_BATCH = 500
# Sequences that self-BLEU compares with each other.
_AMONG = 1_000
# Their seeds are far from those that people give.
_FIRST_SEED = 2**40


def metrics(
    model: PolicyModel,
    batches: Iterable[Mapping[str, tf.Tensor]],
    count: int,
    temperature: float,
    objectives: Mapping[str, Objective],
) -> dict[str, float]:
    """Returns metrics of generated sequences, and of the held-out ones.

    Args:
      model: PolicyModel.
      batches: prepared, of held-out sequences.
      count: int, sequences to generate, 2 or more.
      temperature: float.
      objectives: name to what is reported, too.

    Returns:
      `bleu_2` ... `bleu_5` against all held-out sequences, and each
      objective's mean, of all that are generated; `self_bleu_2` ...;
      `distinct`, how many different sequences there are of all; `distance`,
      the mean normalised edit distance: of as many as are held out, where
      these are fewer. With `_data` behind, of as many held-out sequences.
    """
    held_out = np.concatenate([batch[TOKENS] for batch in batches])
    generated = _generated(model, count, temperature)
    # As many of both: sets of unequal size repeat themselves unequally.
    alike = min(count, len(held_out))
    # From all over: neighbouring lines may be of one text.
    some = np.random.default_rng(0).choice(len(held_out), alike, replace=False)
    of_data = {
        **_of_set(_sequences(model, held_out[some])),
        **_objectives(model, held_out[some], objectives),
    }
    written = _sequences(model, generated)
    return {
        **sentence_bleu.mean_bleu(written, _sequences(model, held_out)),
        **_of_set(written[: max(2, alike)]),
        **_objectives(model, generated, objectives),
        **{f"{name}_data": value for name, value in of_data.items()},
    }


def _generated(model, count, temperature) -> np.ndarray:
    write = tf.function(
        lambda seeds: model.write_by_seeds(seeds, temperature).tokens,
        input_signature=[tf.TensorSpec([None], tf.int64)],
    )
    seeds = np.arange(_FIRST_SEED, _FIRST_SEED + count)
    parts = [
        write(seeds[first : first + _BATCH]).numpy()
        for first in range(0, count, _BATCH)
    ]
    return np.concatenate(parts)


def _of_set(sequences) -> dict[str, float]:
    """Metrics that depend on how many sequences there are."""
    found = {"distinct": diversity.distinct_share(sequences)}
    if len(sequences) > 1:
        found |= sentence_bleu.self_bleu(sequences[:_AMONG])
        found["distance"] = diversity.mean_distance(sequences)
    return found


def _objectives(model, tokens, objectives) -> dict[str, float]:
    mask = model.codec.alphabet.mask(tokens)
    return {
        name: float(tf.reduce_mean(objective(tokens, mask)))
        for name, objective in objectives.items()
    }


def _sequences(model, tokens) -> Sequence[tuple[int, ...]]:
    """Returns the tokens of each, without its end and padding."""
    alphabet = model.codec.alphabet
    lengths = tf.reduce_sum(alphabet.mask(tokens), axis=-1).numpy().astype(int)
    found = [row[:length] for row, length in zip(tokens, lengths, strict=True)]
    return [
        tuple(row[row != alphabet.end] if alphabet.end is not None else row)
        for row in found
    ]
