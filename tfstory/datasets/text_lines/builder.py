"""Builder of a user's own text files, one sentence a line."""

from collections.abc import Iterator

import tensorflow_datasets as tfds

from tfstory.datasets.candidates import Candidate
from tfstory.datasets.source_files import SourceFiles, ending_in
from tfstory.datasets.text_builder import TextBuilder
from tfstory.errors import UserError


class TextLines(TextBuilder):
    """Every line of every text file, in any script.

    Runs of white space become one blank. The line itself, whatever its case,
    decides its split, so that no line of the test set has been trained on;
    one that differs by a blank before a mark is another line.
    """

    DESCRIPTION = "Sentences of the user's own."
    LAYOUT = (
        "text files (.txt, UTF-8) of one sentence a line, in folders or zip "
        "archives as you like"
    )
    WANTED = ending_in("txt")
    name = "text_lines"
    # 1.1.0: lines equal but for case share a split.
    VERSION = tfds.core.Version("1.1.0")

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
