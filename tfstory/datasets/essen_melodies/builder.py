"""Builder of melodies from the Essen collection inside music21."""

import importlib.util
import pathlib
from collections.abc import Iterator

from tfstory.datasets.candidates import Candidate, unusable
from tfstory.datasets.melody_builder import MelodyBuilder
from tfstory.datasets.source_files import SourceFiles
from tfstory.errors import UserError
from tfstory.music import abc_notation, tokens


class EssenMelodies(MelodyBuilder):
    """How the folk songs of the Essen collection begin.

    Schaffrath 1995, "The Essen Folksong Collection"; in ABC notation, with
    the PyPI package music21 (the extra `music`). Reading all takes minutes.
    """

    DESCRIPTION = (
        "Melodies of the Essen Folksong Collection, one token a 1/16 note. "
        "Non-commercial use."
    )
    name = "essen_melodies"

    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """See the base class."""
        for path in sorted(_collection().glob("*.abc")):
            tunes = abc_notation.tunes(path.read_text("utf-8"))
            for number, tune in enumerate(tunes, 1):
                yield self._candidate(f"{path.name} tune {number}", tune)

    def _candidate(self, name, tune):
        try:
            melody = tokens.from_notes(abc_notation.notes(tune))
        except ValueError as error:
            return unusable(name, str(error))
        return self.melody(name, melody)


def _collection() -> pathlib.Path:
    # Found without the seconds of its import.
    music21 = importlib.util.find_spec("music21")
    if music21 is None:
        raise UserError(
            f"{EssenMelodies.name} reads the collection inside music21; "
            "install music21"
        )
    return pathlib.Path(music21.origin).parent / "corpus" / "essenFolksong"
