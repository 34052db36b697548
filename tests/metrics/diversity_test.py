"""Diversity by hand and beside TensorFlow's edit distance."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.metrics import diversity


def test_distinct_share():
    assert diversity.distinct_share([[1, 2], [1, 2], [2, 1], [1]]) == 0.75
    with pytest.raises(ValueError, match="a sequence or more"):
        diversity.distinct_share([])


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("kitten", "sitting", 3 / 7),
        ("abcd", "bcda", 2 / 4),
        ("ab", "ab", 0.0),
        ("abc", "xyz", 1.0),
        ("", "ab", 1.0),
        ("", "", 0.0),
    ],
)
def test_distance_of_one_pair(first, second, distance):
    assert diversity.mean_distance([first, second], pairs=3) == pytest.approx(
        distance
    )


def test_equals_tensorflow_s_edit_distance():
    generator = np.random.default_rng(0)
    lengths = generator.integers(1, 9, (2, 50))
    tokens = [generator.integers(1, 4, (50, width)) for width in (8, 11)]
    distances = diversity.edit_distances(
        tokens[0], lengths[0], tokens[1], lengths[1]
    )
    sparse = [
        tf.RaggedTensor.from_tensor(ids, lengths=n).to_sparse()
        for ids, n in zip(tokens, lengths, strict=True)
    ]
    expected = tf.edit_distance(*sparse, normalize=False)
    np.testing.assert_array_equal(distances, expected)


def test_pairs_are_never_of_a_sequence_with_itself():
    different = [[number] for number in range(3)]
    assert diversity.mean_distance(different, pairs=200) == 1.0


def test_pairs_repeat_with_the_seed_and_near_the_mean_of_all():
    sequences = [[1, 2], [1, 2], [1, 3], [4, 5]]
    # Of six pairs: 0, two of 1/2, three of 1.
    found = diversity.mean_distance(sequences, pairs=5_000, seed=1)
    assert found == pytest.approx(4 / 6, abs=0.02)
    assert found == diversity.mean_distance(sequences, pairs=5_000, seed=1)
    assert found != diversity.mean_distance(sequences, pairs=5_000, seed=2)


def test_one_sequence_has_no_distance():
    with pytest.raises(ValueError, match="two sequences or more, not 1"):
        diversity.mean_distance([[1]])
