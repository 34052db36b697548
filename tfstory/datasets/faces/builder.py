"""Builder of CelebA's aligned faces from a copy of its files."""

import functools
import re
from collections.abc import Iterator

from tfstory.datasets.candidates import BadExample, Candidate
from tfstory.datasets.faces import attributes_file
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.square_builder import FaceBuilder
from tfstory.errors import UserError

_PICTURE = re.compile(
    r"(?P<root>(?:.*/)?)img_align_celeba/(?:.*/)?(?P<file>[^/]+\.(?:jpg|png))"
)
_ATTRIBUTES = re.compile(r"(?P<root>(?:.*/)?)list_attr_celeba\.txt")
_PARTITION = re.compile(r"(?P<root>(?:.*/)?)list_eval_partition\.txt")


class Faces(FaceBuilder):
    """The faces of `img_align_celeba`, whole or a part of it.

    Split as `list_eval_partition.txt` says; by a hash of the file's name
    where it does not say.
    """

    DESCRIPTION = "CelebA (Liu et al. 2015), aligned and cropped."
    LAYOUT = (
        "the folder img_align_celeba (000001.jpg, ...) and beside it, where "
        "you have them, list_attr_celeba.txt and list_eval_partition.txt, or "
        "an archive of them"
    )
    WANTED = re.compile(
        r"(^|/)img_align_celeba/.*\.(jpg|png)$"
        r"|(^|/)list_(attr_celeba|eval_partition)\.txt$"
    )
    name = "faces"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        found = source.matches(_PICTURE)
        if not found:
            raise UserError(
                f"{self.name}: no pictures found; expected {self.LAYOUT}"
            )
        self._attributes = self._listed(
            source, _ATTRIBUTES, attributes_file.attributes
        )
        split_of = self._listed(source, _PARTITION, attributes_file.partition)
        for match in found:
            file = match["file"]
            yield Candidate(
                file,
                functools.partial(source.read, match[0]),
                split_of.get(file),
            )

    def attributes(self, name):
        """See the base class."""
        return self._attributes.get(name)

    def _listed(self, source, pattern, read):
        found = source.matches(pattern)
        if not found:
            return {}
        try:
            return read(source.read(found[0][0]))
        except BadExample as error:
            raise UserError(
                f"{self.name}: {found[0][0]}: {error}; fetch it anew, or take "
                "it away"
            ) from None
