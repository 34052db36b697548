"""Tunes in ABC notation as notes."""

import pytest

from tests.music import tunes
from tfstory.music import abc_notation
from tfstory.music.tokens import Note


def test_a_file_is_cut_into_its_tunes():
    text = "% A file.\n\n" + tunes.SCALE + "\n" + tunes.TRIPLET
    first, second = abc_notation.tunes(text)
    assert first.startswith("X:1\n") and "c8 |" in first
    assert second == tunes.TRIPLET
    assert abc_notation.tunes("") == []


def test_notes_by_hand():
    pytest.importorskip("music21", reason="needs the extra `music`")
    assert abc_notation.notes(tunes.SCALE) == [
        Note(67, 4), Note(69, 2), Note(66, 2), Note(None, 4), Note(72, 4),
        Note(72, 16),
    ]  # fmt: skip


def test_an_accidental_holds_to_the_end_of_its_bar():
    pytest.importorskip("music21", reason="needs the extra `music`")
    tune = "X:1\nM:3/4\nL:1/4\nK:C\n^F G F | F _B =B |\n"
    pitches = [note.pitch for note in abc_notation.notes(tune)]
    assert pitches == [66, 67, 66, 65, 70, 71]


def test_what_takes_no_time_is_left_away():
    pytest.importorskip("music21", reason="needs the extra `music`")
    tune = tunes.SCALE.replace("G2 A F", '"Am"G2 {B}A F')
    assert abc_notation.notes(tune) == abc_notation.notes(tunes.SCALE)


@pytest.mark.parametrize(
    ("tune", "message"),
    [
        (tunes.TRIPLET, "lasts 1/3 quarter notes"),
        (tunes.TOGETHER, "notes that sound together"),
        ("X:1\nK:C\nL:x\n[[|", "music21 cannot read it|voices"),
    ],
)
def test_what_is_no_melody_on_the_grid(tune, message):
    pytest.importorskip("music21", reason="needs the extra `music`")
    with pytest.raises(ValueError, match=message):
        abc_notation.notes(tune)
