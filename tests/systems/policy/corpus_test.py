"""Metrics of whole sets of sequences, of a policy that is certain."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.policy import tiny
from tfstory.systems.policy import corpus

_BLEU = [f"bleu_{order}" for order in range(2, 6)]
_SET = ["distinct", "distance", *(f"self_{name}" for name in _BLEU)]


def _certain(system, token):
    """Makes the policy write one token only, wherever it may."""
    bias, _ = system.model.policy.word_weights[1]
    bias.assign(50.0 * tf.one_hot(token, tiny.SIZE))


def test_a_policy_that_repeats_one_sequence():
    system = tiny.seq_gan({"reward.objectives": ("constant", "bleu")})
    tokens = tf.constant([[7] * 5, [7] * 5, [1, 2, 3, 4, 5]], tf.int64)
    system.adapt([system.prepare({"tokens": tokens})])
    _certain(system, 7)
    found = system.corpus_metrics([{"tokens": tokens[:2]},
                                   {"tokens": tokens[2:]}])  # fmt: skip
    assert set(found) == {
        *_BLEU,
        *(f"{name}{of}" for name in [*_SET, "constant", "bleu"]
          for of in ("", "_data")),
    }  # fmt: skip
    # It writes what the data have, and always the same.
    for name in [*_BLEU, *_SET[2:], "bleu", "constant"]:
        assert found[name] == pytest.approx(1.0), name
    assert found["distance"] == 0
    # Of as many as are held out.
    assert found["distinct"] == pytest.approx(1 / 3)
    assert found["distinct_data"] == pytest.approx(2 / 3)
    assert found["distance_data"] == pytest.approx(2 / 3, abs=0.03)


def test_as_many_are_written_as_are_asked_for(monkeypatch):
    monkeypatch.setattr(corpus.diversity, "distinct_share", len)
    system = tiny.seq_gan()
    batch = tiny.batch(system, 4)

    def count(tokens, mask):
        del mask
        return tf.fill([1], float(len(tokens)))

    found = corpus.metrics(system.model, [batch], 9, 1.0, {"count": count})
    assert found["count"] == 9 and found["count_data"] == 4
    # Sets of unequal size would repeat themselves unequally.
    assert found["distinct"] == found["distinct_data"] == 4


def test_lines_of_no_word_are_sequences_too(tmp_path):
    system = tiny.text_gan(tmp_path)
    _certain(system, system.codec.alphabet.end)
    raw = {"text": tf.constant(["a red ball", ""])}
    found = system.corpus_metrics([raw])
    assert all(np.isfinite(value) for value in found.values())
    assert found["bleu_2"] < 0.1


def test_melodies_are_reported_by_their_music():
    assert tiny.seq_gan().reported_objectives == ()
    system = tiny.seq_gan({"data.dataset": "melodies"})
    assert system.writes_melodies(system.config)
    found = system.corpus_metrics([tiny.raw_batch(system)])
    for name in ("tonality", "melodicity", "ratio_of_steps"):
        assert 0 <= found[name] <= 1 and 0 <= found[f"{name}_data"] <= 1
