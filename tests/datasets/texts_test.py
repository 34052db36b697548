"""Tests of the look into sentences."""

import pytest

from tfstory.datasets import texts
from tfstory.datasets.candidates import BadExample


@pytest.mark.parametrize(
    "text, expected",
    [
        ("  A\n b\t c ", "A b c"),
        ("Hélder".encode(), "Hélder"),
        (b"\xef\xbb\xbfmarked", "marked"),
        (" \n ", ""),
        ("a\0b", "a b"),
    ],
)
def test_text_on_one_line(text, expected):
    assert texts.checked(text) == expected


def test_bytes_that_are_not_utf8():
    with pytest.raises(BadExample, match=r"not UTF-8 \(byte 2\)"):
        texts.checked(b"ab\xff")


def test_lone_surrogate():
    with pytest.raises(BadExample, match="UTF-8"):
        texts.checked("a\ud800")
