"""Melodies as sequences of tokens, one token a 1/16 note.

The tokens of the music experiments of ORGAN (Guimaraes et al. 2017,
arXiv:1705.10843): 0 is a rest, 1 holds what sounds, n from 2 on strikes MIDI
pitch 46 + n.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

REST = 0
HOLD = 1
FIRST_PITCH = 2
_OFFSET = 46
_MAX_PITCH = 127
# From a rest to the highest pitch.
COUNT = _MAX_PITCH - _OFFSET + 1


class Note(NamedTuple):
    """A note or a rest of a melody.

    Attributes:
      pitch: int, MIDI number; None rests.
      sixteenths: int, how many 1/16 notes it lasts, 1 or more.
    """

    pitch: int | None
    sixteenths: int


def notes(tokens: Sequence[int]) -> list[Note]:
    """Returns the notes of a melody.

    Nothing sounds yet where a melody begins with a hold, as parts of longer
    ones do: it rests. Rests that follow each other are one.

    Args:
      tokens: `[length]`.

    Raises:
      ValueError: a token is negative, or above what MIDI has.
    """
    found: list[Note] = []
    for token in map(int, tokens):
        if not 0 <= token < COUNT:
            raise ValueError(f"a token is from 0 to {COUNT - 1}, not {token}")
        pitch = token + _OFFSET if token >= FIRST_PITCH else None
        is_going = token == HOLD or (
            token == REST and found and found[-1].pitch is None
        )
        if is_going and found:
            last = found[-1]
            found[-1] = Note(last.pitch, last.sixteenths + 1)
        else:
            found.append(Note(pitch, 1))
    return found


def from_notes(melody: Iterable[Note]) -> list[int]:
    """Returns the tokens of a melody, the other way round than `notes`.

    Raises:
      ValueError: a pitch is too low to have a token.
    """
    tokens: list[int] = []
    for pitch, sixteenths in melody:
        if pitch is None:
            tokens += [REST] * sixteenths
            continue
        if pitch < FIRST_PITCH + _OFFSET:
            raise ValueError(
                f"MIDI pitch {pitch} is below {FIRST_PITCH + _OFFSET}, the "
                "lowest that has a token"
            )
        tokens += [pitch - _OFFSET] + [HOLD] * (sixteenths - 1)
    return tokens
