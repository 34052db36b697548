"""Builder of a user's own pictures: any folder of them."""

import functools
import hashlib
from collections.abc import Iterator

from tfstory.datasets.candidates import BadExample, Candidate
from tfstory.datasets.source_files import SourceFiles, ending_in
from tfstory.datasets.square_builder import SquareBuilder
from tfstory.errors import UserError

_ENDINGS = ("png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff")


class PictureFolder(SquareBuilder):
    """The middle square of every picture below a folder, or in an archive.

    What an archive holds and lies unpacked too is taken once. Copies of a
    file share a split, so that what is tested has not been trained on.
    """

    DESCRIPTION = "Pictures of the user's own."
    LAYOUT = (
        f"pictures ({', '.join(_ENDINGS)}), in folders or zip archives as you "
        "like,"
    )
    WANTED = ending_in(*_ENDINGS)
    name = "picture_folder"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        names = source.names()
        if not names:
            raise UserError(
                f"{self.name}: no pictures found; expected {self.LAYOUT} "
                "below --manual_dir"
            )
        digests = {name: _digest(source, name) for name in names}
        unpacked = {
            digest
            for name, digest in digests.items()
            if digest and not source.is_packed(name)
        }
        for name, digest in digests.items():
            if source.is_packed(name) and digest in unpacked:
                self._report.note("in an archive and unpacked, taken once")
                continue
            yield Candidate(
                name, functools.partial(source.read, name), alike=digest
            )


def _digest(source: SourceFiles, name: str) -> str | None:
    """Returns a hash of a file's bytes; None where it cannot be read."""
    try:
        return hashlib.sha256(source.read(name)).hexdigest()
    except BadExample:
        return None
