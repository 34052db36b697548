"""Tests of the splits by story."""

import collections

from tfstory.datasets import splits


def test_share_is_fixed():
    # The first 8 bytes of SHA-256("a") are ca978112ca1bbdca.
    assert splits.share("a") == 0xCA978112CA1BBDCA / 2**64


def test_about_a_tenth_is_validation_and_a_tenth_test():
    counts = collections.Counter(
        splits.by_hash(f"story {i}" for i in range(5000)).values()
    )
    assert 400 < counts["validation"] < 600
    assert 400 < counts["test"] < 600
    assert sum(counts.values()) == 5000


def test_stories_added_later_move_no_other():
    few = splits.by_hash(f"story {i}" for i in range(200))
    many = splits.by_hash(f"story {i}" for i in range(400))
    assert {name: many[name] for name in few} == few


def test_order_does_not_matter():
    names = [f"story {i}" for i in range(50)]
    assert splits.by_hash(names) == splits.by_hash(reversed(names))


def test_three_stories_fill_all_splits():
    for start in range(40):
        names = [f"{start}-{i}" for i in range(3)]
        assert set(splits.by_hash(names).values()) == set(splits.SPLITS)
