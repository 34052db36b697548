"""Builder of a user's own pictures: any folder of them."""

import functools
from collections.abc import Iterator

from tfstory.datasets.candidates import Candidate
from tfstory.datasets.source_files import SourceFiles, ending_in
from tfstory.datasets.square_builder import SquareBuilder
from tfstory.errors import UserError

_ENDINGS = ("png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff")


class PictureFolder(SquareBuilder):
    """The middle square of every picture below a folder, or in an archive."""

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
        for name in names:
            yield Candidate(name, functools.partial(source.read, name))
