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


def test_a_larger_share_is_held_out():
    names = [f"story {i}" for i in range(5000)]
    for split_of in (
        splits.by_hash(names, 0.3),
        splits.of_good(names, lambda name: True, 0.3),
    ):
        counts = collections.Counter(split_of.values())
        assert 1350 < counts["validation"] < 1650
        assert 1350 < counts["test"] < 1650


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


def test_bad_stories_leave_no_split_without_a_good_one():
    for start in range(40):
        names = [f"{start}-{i}" for i in range(9)]
        good = sorted(names, key=splits.share)[6:]
        split_of = splits.of_good(names, good.__contains__)
        assert set(split_of) == set(names)
        assert {split_of[name] for name in good} == set(splits.SPLITS)


def test_bad_stories_move_no_other_of_a_large_dataset():
    names = [f"story {i}" for i in range(500)]
    bad = set(names[::7])
    asked = []

    def is_good(name):
        asked.append(name)
        return name not in bad

    assert splits.of_good(names, is_good) == splits.by_hash(names)
    assert len(asked) < 20


def test_good_stories_alone_decide():
    names = [f"story {i}" for i in range(12)]
    good = sorted(names, key=splits.share)[2:]
    split_of = splits.of_good(names, good.__contains__)
    assert {name: split_of[name] for name in good} == splits.by_hash(good)


def test_no_good_story():
    names = ["a", "b"]
    assert set(splits.of_good(names, lambda name: False)) == set(names)
