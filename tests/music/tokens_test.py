"""Melodies as tokens and as notes."""

import pytest

from tfstory.music.tokens import Note, from_notes, notes

# MIDI 60 is token 14.
_TOKENS = [14, 1, 1, 14, 0, 0, 16, 1]
_NOTES = [Note(60, 3), Note(60, 1), Note(None, 2), Note(62, 2)]


def test_notes_of_tokens_by_hand():
    assert notes(_TOKENS) == _NOTES


def test_tokens_of_notes_by_hand():
    assert from_notes(_NOTES) == _TOKENS


def test_a_hold_holds_a_rest_and_nothing():
    assert notes([1, 1, 2]) == [Note(None, 2), Note(48, 1)]
    assert notes([2, 0, 1, 0]) == [Note(48, 1), Note(None, 3)]
    assert notes([]) == []


@pytest.mark.parametrize("token", [-1, 82])
def test_no_such_token(token):
    with pytest.raises(ValueError, match=f"from 0 to 81, not {token}"):
        notes([2, token])


def test_a_pitch_without_a_token():
    with pytest.raises(ValueError, match="MIDI pitch 47 is below 48"):
        from_notes([Note(47, 1)])
