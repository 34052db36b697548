"""Writes melodies as standard MIDI files.

Format 0 of the Standard MIDI Files specification 1.0: one track.
"""

import os
import pathlib
import struct
from collections.abc import Sequence

from tfstory.music import tokens as tokens_lib

_TICKS_A_SIXTEENTH = 120
_SIXTEENTHS_A_BEAT = 4
_MICROSECONDS_A_MINUTE = 60_000_000
_MAX_MICROSECONDS = 2**24 - 1
_NOTE_ON = 0x90
_NOTE_OFF = 0x80
_VELOCITY = 80
_SET_TEMPO = b"\xff\x51\x03"
_END_OF_TRACK = b"\xff\x2f\x00"


def encode(tokens: Sequence[int], tempo: float = 120.0) -> bytes:
    """Returns a melody as the bytes of a MIDI file.

    Args:
      tokens: `[length]`, see `tfstory.music.tokens`.
      tempo: float, quarter notes a minute.

    Raises:
      ValueError: there is no such token, or MIDI cannot express the tempo.
    """
    track = b"".join(
        [b"\x00", _SET_TEMPO, _tempo(tempo), _events(tokens), _END_OF_TRACK]
    )
    division = _TICKS_A_SIXTEENTH * _SIXTEENTHS_A_BEAT
    # Format, tracks, ticks a quarter note.
    header = struct.pack(">HHH", 0, 1, division)
    return _chunk(b"MThd", header) + _chunk(b"MTrk", track)


def write(
    path: str | os.PathLike, tokens: Sequence[int], tempo: float = 120.0
) -> None:
    """Writes a melody to a `.mid` file; see `encode`."""
    pathlib.Path(path).write_bytes(encode(tokens, tempo))


def _tempo(tempo: float) -> bytes:
    if not (
        tempo > 0.0
        and 1 <= round(_MICROSECONDS_A_MINUTE / tempo) <= _MAX_MICROSECONDS
    ):
        raise ValueError(
            f"the tempo {tempo} is not from 4 to 60 million quarter notes a "
            "minute"
        )
    return round(_MICROSECONDS_A_MINUTE / tempo).to_bytes(3, "big")


def _events(tokens: Sequence[int]) -> bytes:
    """The notes, and the time up to the end of the track."""
    events = bytearray()
    waited = 0
    for pitch, sixteenths in tokens_lib.notes(tokens):
        ticks = sixteenths * _TICKS_A_SIXTEENTH
        if pitch is None:
            waited += ticks
            continue
        events += _variable_length(waited)
        events += bytes([_NOTE_ON, pitch, _VELOCITY])
        events += _variable_length(ticks)
        events += bytes([_NOTE_OFF, pitch, 0])
        waited = 0
    return bytes(events) + _variable_length(waited)


def _variable_length(number: int) -> bytes:
    """Seven bits a byte; all but the last have the highest bit set."""
    encoded = [number & 0x7F]
    while number := number >> 7:
        encoded.append(number & 0x7F | 0x80)
    return bytes(reversed(encoded))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack(">I", len(content)) + content
