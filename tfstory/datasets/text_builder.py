"""The base of all builders of texts, one line each."""

import functools
import unicodedata
from collections.abc import Iterator

import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets import report as report_lib
from tfstory.datasets import texts
from tfstory.datasets.candidates import BadExample, Candidate, unusable
from tfstory.datasets.dataset_builder import DatasetBuilder
from tfstory.datasets.source_files import SourceFiles
from tfstory.errors import UserError


class TextBuilder(DatasetBuilder, skip_registration=True):
    """Turns files of text, a sentence a line, into a prepared TFDS dataset.

    A candidate's `read` gives the line. Examples are of the format
    `tfstory.examples.TEXTS`.
    """

    UNIT = report_lib.LINES

    def lines(
        self, source: SourceFiles, name: str, split: str | None = None
    ) -> Iterator[Candidate]:
        """Yields a file's lines; those equal but for case share a split.

        Args:
          source: has the file.
          name: of the file.
          split: "train", "validation" or "test"; None leaves it to a hash of
            the line.

        Raises:
          UserError: the file cannot be read.
        """
        try:
            data = source.read(name)
        except BadExample as error:
            raise UserError(f"{self.name}: {error}") from None
        for number, line in enumerate(data.splitlines(), 1):
            place = f"{name} line {number}"
            try:
                text = _checked(line)
            except BadExample as error:
                yield unusable(place, str(error), split)
            else:
                yield Candidate(
                    place,
                    functools.partial(str, text),
                    split,
                    alike=unicodedata.normalize("NFKC", text).casefold(),
                )

    def example(self, candidate, report):
        """See the base class."""
        return {examples.TEXT: candidate.read()}

    def examples(self, split, data):
        """Returns the lines, string `[]` each."""
        return self.read(split)

    def _info(self):
        return self._dataset_info({examples.TEXT: tfds.features.Text()})


def _checked(line: bytes) -> str:
    text = texts.checked(line)
    if not text:
        raise BadExample("it is blank")
    return text
