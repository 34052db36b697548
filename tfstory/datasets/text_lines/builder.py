"""Builder of a user's own text files, one sentence a line."""

from collections.abc import Iterator

from tfstory.datasets.candidates import Candidate
from tfstory.datasets.source_files import SourceFiles, ending_in
from tfstory.datasets.text_builder import TextBuilder
from tfstory.errors import UserError


class TextLines(TextBuilder):
    """Every line of every text file, in any script.

    Runs of white space become one blank. The line itself, whatever its case,
    decides its split, so that what is tested has not been trained on.
    """

    DESCRIPTION = "Sentences of the user's own."
    LAYOUT = (
        "text files (.txt, UTF-8) of one sentence a line, in folders or zip "
        "archives as you like"
    )
    WANTED = ending_in("txt")
    name = "text_lines"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        names = source.names()
        if not names:
            raise UserError(
                f"{self.name}: no text files found; expected {self.LAYOUT} "
                "below --manual_dir"
            )
        for name in names:
            yield from self.lines(source, name)
