"""Builder of the Penn Treebank from Mikolov's files."""

import re
from collections.abc import Iterator

from tfstory.datasets import splits
from tfstory.datasets.candidates import Candidate
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.text_builder import TextBuilder
from tfstory.errors import UserError

_FILE = re.compile(r"(?P<root>(?:.*/)?)ptb\.(?P<part>train|valid|test)\.txt")
_SPLITS = {
    "train": splits.TRAIN,
    "valid": splits.VALIDATION,
    "test": splits.TEST,
}


class Ptb(TextBuilder):
    """Sentences of the Wall Street Journal, in the splits of their files.

    Mikolov et al. 2010, "Recurrent neural network based language model":
    lower case, numbers are "N", all but 10,000 words "<unk>"; seed document
    002, section 4. Sentences keep their order, so that a model may read them
    as one stream.
    """

    DESCRIPTION = "Penn Treebank, Mikolov's preprocessing. Research use only."
    KEEPS_ORDER = True
    LAYOUT = "ptb.train.txt, ptb.valid.txt and ptb.test.txt"
    WANTED = re.compile(r"(^|/)ptb\.(train|valid|test)\.txt$")
    name = "ptb"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        found = {m["part"]: m[0] for m in source.matches(_FILE)}
        for part, split in _SPLITS.items():
            if part not in found:
                raise UserError(
                    f"{self.name}: no ptb.{part}.txt found; expected "
                    f"{self.LAYOUT} in one folder"
                )
            yield from self.lines(source, found[part], split)
