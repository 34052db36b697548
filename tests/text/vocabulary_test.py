"""The vocabulary file."""

import collections

import pytest
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.text import vocabulary


def test_words_are_counted_over_batches_of_any_shape():
    counts = vocabulary.count_words(
        [
            tf.constant([["The ball.", "the BALL"], ["", "a"]]),
            tf.constant("the end"),
        ]
    )
    assert counts == {b"the": 3, b"ball": 2, b".": 1, b"a": 1, b"end": 1}


def test_the_most_frequent_come_first_and_ties_by_the_word(tmp_path):
    path = str(tmp_path / "vocabulary.txt")
    counts = collections.Counter({b"b": 2, b"c": 5, b"a": 2, b"d": 1})
    vocabulary.write(path, counts, size=vocabulary.NUM_SPECIAL + 3)
    assert vocabulary.read(path) == [b"c", b"b", b"a"]
    assert [file.name for file in tmp_path.iterdir()] == ["vocabulary.txt"]


def _written(tmp_path, often, once, **arguments):
    """Numbers of words kept that occur twice, and once."""
    counts = collections.Counter(
        {b"often%d" % i: 2 for i in range(often)}
        | {b"once%d" % i: 1 for i in range(once)}
    )
    path = str(tmp_path / "vocabulary.txt")
    vocabulary.write(path, counts, **{"size": 1_000, **arguments})
    kept = vocabulary.read(path)
    repeated = [word for word in kept if word.startswith(b"often")]
    return len(repeated), len(kept) - len(repeated)


def test_words_that_occur_once_are_left_out(tmp_path):
    assert _written(tmp_path, often=150, once=80) == (150, 0)


@pytest.mark.parametrize(
    ("min_count", "kept"), [(1, (150, 80)), (2, (150, 0)), (3, (100, 0))]
)
def test_the_smallest_count_can_be_chosen(tmp_path, min_count, kept):
    assert _written(tmp_path, 150, 80, min_count=min_count) == kept


@pytest.mark.parametrize(
    ("often", "once", "kept"),
    [(0, 30, (0, 30)), (0, 300, (0, 100)), (60, 300, (60, 40))],
)
def test_few_stories_keep_their_most_frequent_words(
    tmp_path, often, once, kept
):
    assert _written(tmp_path, often, once) == kept


def test_size_limits_what_is_always_kept(tmp_path):
    size = vocabulary.NUM_SPECIAL + 20
    assert _written(tmp_path, 0, 300, size=size) == (0, 20)


def test_writing_replaces_an_older_file(tmp_path):
    path = str(tmp_path / "vocabulary.txt")
    for word in (b"old", b"new"):
        vocabulary.write(path, collections.Counter({word: 1}), size=10)
    assert vocabulary.read(path) == [b"new"]


def test_words_of_other_writing_survive(tmp_path):
    path = str(tmp_path / "vocabulary.txt")
    text = "naïve 圆形 नमस्ते \u2028 \u0085 end"
    counts = vocabulary.count_words([tf.constant([text])])
    vocabulary.write(path, counts, size=50)
    assert sorted(vocabulary.read(path)) == sorted(counts)


def test_no_text_at_all_is_said(tmp_path):
    with pytest.raises(UserError, match="hold no text"):
        vocabulary.write(str(tmp_path / "v"), collections.Counter(), size=10)


def test_a_missing_file_is_named(tmp_path):
    path = str(tmp_path / "nowhere.txt")
    with pytest.raises(UserError, match=f"no vocabulary at {path}"):
        vocabulary.read(path)
