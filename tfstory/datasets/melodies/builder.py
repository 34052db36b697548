"""Builder of melodies from CSV files of tokens."""

from collections.abc import Iterator

from tfstory.datasets import texts
from tfstory.datasets.candidates import BadExample, Candidate, unusable
from tfstory.datasets.melody_builder import MelodyBuilder
from tfstory.datasets.source_files import SourceFiles, ending_in
from tfstory.errors import UserError


class Melodies(MelodyBuilder):
    """One melody a line, its tokens between commas.

    So are the 5,000 folk melodies published with ORGAN (Guimaraes et al.
    2017, arXiv:1705.10843; seed document 003, second part).
    """

    DESCRIPTION = "Melodies, one token a 1/16 note."
    LAYOUT = (
        "CSV files (.csv) of one melody a line: 0 a rest, 1 holds the last "
        "note, n from 2 on MIDI pitch 46 + n, one token a 1/16 note"
    )
    WANTED = ending_in("csv")
    name = "melodies"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        names = source.names()
        if not names:
            raise UserError(
                f"{self.name}: no CSV files found; expected {self.LAYOUT}"
            )
        for name in names:
            try:
                lines = texts.decoded(source.read(name)).splitlines()
            except BadExample as error:
                raise UserError(f"{self.name}: {name}: {error}") from None
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield self._candidate(f"{name} line {number}", line)

    def _candidate(self, name, line):
        try:
            return self.melody(name, _tokens(line))
        except BadExample as error:
            return unusable(name, str(error))


def _tokens(line: str) -> list[int]:
    tokens = []
    for position, word in enumerate(line.split(","), 1):
        try:
            tokens.append(int(word))
        except ValueError:
            raise BadExample(
                f"its token {position} is {word.strip()!r}, not a whole number"
            ) from None
    return tokens
