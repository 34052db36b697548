"""MIDI files, byte by byte as the specification has them."""

import math

import pytest

from tfstory.music import midi

# Format 0, one track, 480 ticks a quarter note.
_HEADER = bytes.fromhex("4d546864 00000006 0000 0001 01e0")
# 500,000 microseconds a quarter note: 120 a minute.
_TEMPO = bytes.fromhex("00 ff5103 07a120")
_END = bytes.fromhex("ff2f00")


def _file(events, tempo=_TEMPO):
    track = tempo + bytes.fromhex(events) + _END
    return _HEADER + b"MTrk" + len(track).to_bytes(4, "big") + track


def test_a_melody_by_hand():
    # Middle C for two sixteenths (240 ticks: 81 70), a rest of one (120: 78),
    # D for one, a rest of two up to the end.
    assert midi.encode([14, 1, 0, 16, 0, 1]) == _file(
        "00 903c50 8170 803c00  78 903e50 78 803e00  8170"
    )


def test_long_notes_take_three_bytes_of_time():
    # 137 sixteenths are 16,440 ticks: 1 * 128 * 128 + 0 * 128 + 56.
    assert midi.encode([2] + [1] * 136) == _file("00 903050 818038 803000  00")


def test_a_melody_of_nothing_but_rests():
    assert midi.encode([1, 0]) == _file("8170")
    assert midi.encode([]) == _file("00")


def test_another_tempo():
    # 90 a minute: 666,667 microseconds.
    tempo = bytes.fromhex("00 ff5103 0a2c2b")
    assert midi.encode([0], tempo=90) == _file("78", tempo)


@pytest.mark.parametrize("tempo", [0.0, -3.0, 3.5, 2e8, math.nan, math.inf])
def test_a_tempo_that_midi_lacks(tempo):
    with pytest.raises(ValueError, match="quarter notes a minute"):
        midi.encode([2], tempo)


def test_a_token_that_midi_lacks():
    with pytest.raises(ValueError, match="not 82"):
        midi.encode([82])


def test_a_file_holds_the_bytes(tmp_path):
    midi.write(tmp_path / "song.mid", [14, 1], tempo=60)
    assert (tmp_path / "song.mid").read_bytes() == midi.encode([14, 1], 60)
