"""Tests of making a dialogue a story."""

import pytest

from tfstory.datasets.candidates import BadExample
from tfstory.datasets.codraw import dialogues

_NONE = "1,a.png,0,0,1,-10000,-10000,0,0,"


def _at(x):
    return f"1,a.png,0,0,1,{x},7,0,0,"


def _told(*turns):
    dialogue = {"dialog": [{"msg_t": m, "abs_d": a} for m, a in turns]}
    return [
        (sentence, [piece.x for piece in pieces])
        for sentence, pieces in dialogues.changes(dialogue)
    ]


def test_each_turn_that_changes_the_canvas():
    assert _told(("one", _at(1)), ("two", _at(2))) == [
        ("one", [1]), ("two", [2]),
    ]  # fmt: skip


def test_greetings_and_turns_without_change_are_joined_to_the_next():
    assert _told(
        ("", ""), ("hello", _NONE), ("one", _at(1)), ("ok ?", _at(1)),
        ("and two", ""), ("now", _at(2)), ("thanks", ""),
    ) == [("hello one", [1]), ("ok ? and two now", [2])]  # fmt: skip


def test_a_change_about_which_nothing_was_said_belongs_to_the_turn_before():
    assert _told(("one", _at(1)), (" ", _at(2)), ("three", _at(3))) == [
        ("one", [2]), ("three", [3]),
    ]  # fmt: skip


def test_taking_the_last_piece_away_is_a_change():
    assert _told(("one", _at(1)), ("no", _NONE)) == [("one", [1]), ("no", [])]


def test_nothing_drawn():
    assert _told(("hi", _NONE), ("bye", "")) == []


@pytest.mark.parametrize(
    "dialogue, reason",
    [
        ({}, "no turns"),
        ([1], "no turns"),
        (None, "no turns"),
        ({"dialog": [{"msg_t": "a"}]}, "turn 1 lacks msg_t or abs_d"),
        ({"dialog": ["a"]}, "turn 1 lacks"),
        ({"dialog": [{"msg_t": 5, "abs_d": ""}]}, "is not a text"),
        ({"dialog": [{"msg_t": "a", "abs_d": "x"}]}, "malformed"),
    ],
)
def test_malformed(dialogue, reason):
    with pytest.raises(BadExample, match=reason):
        dialogues.changes(dialogue)


@pytest.mark.parametrize("data", [b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_no_dialogue(data):
    with pytest.raises(BadExample, match="JSON"):
        dialogues.load(data)
