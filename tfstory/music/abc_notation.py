"""Reads melodies in ABC notation with music21, an optional package."""

import re

from tfstory.music.tokens import Note

# Its number opens a tune, as the ABC standard has it.
_TUNE = re.compile(r"^(?=X:)", re.MULTILINE)
_SIXTEENTHS_A_QUARTER = 4
# From version 2 on music21 lets an accidental hold to the end of its bar, as
# the Essen collection needs: there none is written twice in a bar.
_VERSION = (2, 1, 0)


def tunes(text: str) -> list[str]:
    """Returns the tunes of a file, as they are written there."""
    return _TUNE.split(text)[1:]


def notes(tune: str) -> list[Note]:
    """Returns the notes of a tune as written: repeats are played once.

    Tied notes are one. What takes no time (grace notes, chord symbols) is
    left away.

    Args:
      tune: in ABC notation, from its line `X:` on.

    Raises:
      ImportError: music21 is not installed.
      ValueError: music21 cannot read it; it is no melody of one voice; or a
        note does not last a number of 1/16 notes.
    """
    from music21.abcFormat import ABCFile, translate

    try:
        score = translate.abcToStreamScore(ABCFile(_VERSION).readstr(tune))
    except Exception as error:  # What is no ABC shows as anything.
        reason = " ".join(str(error).split())
        raise ValueError(f"music21 cannot read it: {reason}") from None
    if len(score.parts) != 1:
        raise ValueError(f"it has {len(score.parts)} voices, not one")
    found: list[Note] = []
    for element in score.flatten().notesAndRests:
        if element.quarterLength == 0:
            continue
        note = Note(_pitch(element), _sixteenths(element))
        if _goes_on(element) and found and found[-1].pitch == note.pitch:
            both = found[-1].sixteenths + note.sixteenths
            found[-1] = Note(note.pitch, both)
        else:
            found.append(note)
    return found


def _pitch(element) -> int | None:
    if element.isRest:
        return None
    if len(element.pitches) != 1:
        raise ValueError("it has notes that sound together")
    return element.pitches[0].midi


def _sixteenths(element) -> int:
    length = element.quarterLength * _SIXTEENTHS_A_QUARTER
    if length != int(length):
        raise ValueError(
            f"a note of it lasts {element.quarterLength} quarter notes, which "
            "is no number of 1/16 notes"
        )
    return int(length)


def _goes_on(element) -> bool:
    """Whether a tie makes it the rest of the note before it."""
    return element.tie is not None and element.tie.type in ("continue", "stop")
