"""Tests of the values of words."""

import pytest

from tfstory import literals


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-2.5e-4", -2.5e-4),
        ("(4, 8)", (4, 8)),
        ("True", True),
        ("true", True),
        ("false", False),
        ("None", None),
        ("'3'", "3"),
        ("file", "file"),
        ("a=b", "a=b"),
        ("", ""),
        # A literal by its form, whose key cannot be one.
        ("{[]: 1}", "{[]: 1}"),
    ],
)
def test_a_word_is_its_literal_or_itself(text, value):
    found = literals.value_of(text)
    assert found == value
    assert type(found) is type(value)
