"""The files of a dataset's source, unpacked or in zip archives alike."""

import hashlib
import os
import pathlib
import re
import stat
import zipfile
import zlib
from typing import BinaryIO

from tfstory.datasets.candidates import BadExample
from tfstory.errors import UserError

# A file larger than this is neither a picture nor a text.
MAX_FILE_BYTES = 256 * 2**20


def ending_in(*endings: str) -> re.Pattern[str]:
    """Returns a pattern of files by how their names end, such as "csv".

    Not of the files of resources beside each one in archives from a Mac.
    """
    return re.compile(
        rf"^(?!(.*/)?(__MACOSX/|\._)).*\.({'|'.join(endings)})$", re.IGNORECASE
    )


class SourceFiles:
    """Finds and reads files by their path below a directory or an archive.

    A file `a/b.png` in the archive `x.zip` has the name `x.zip/a/b.png`.

    Args:
      wanted: only files whose name it finds are kept.
    """

    def __init__(self, wanted: re.Pattern[str]):
        self._wanted = wanted
        self._files: dict[str, pathlib.Path] = {}
        self._members: dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]] = {}

    def add_directory(self, top: str | os.PathLike) -> None:
        """Adds all below a directory, in its zip archives too.

        Raises:
          UserError: an archive is broken.
        """
        seen = set()
        for folder, folders, files in os.walk(top, followlinks=True):
            real = os.path.realpath(folder)
            if real in seen:
                folders.clear()
                continue
            seen.add(real)
            folders.sort()
            for file in sorted(files):
                path = pathlib.Path(folder, file)
                self.add_file(path, path.relative_to(top).as_posix())

    def add_file(self, path: str | os.PathLike, name: str) -> None:
        """Adds a file by a name, or what is in it if that ends in ".zip".

        Raises:
          UserError: the archive is broken.
        """
        if self._wanted.search(name):
            self._files[name] = pathlib.Path(path)
            return
        if not name.lower().endswith(".zip"):
            return
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise UserError(
                f"{path} is not a whole zip archive ({error}); fetch it anew "
                "or take it away"
            ) from None
        for member in archive.infolist():
            full = f"{name}/{member.filename}"
            if not member.is_dir() and self._wanted.search(full):
                self._members[full] = (archive, member)

    def names(self) -> list[str]:
        """Returns the names of all wanted files, sorted."""
        return sorted([*self._files, *self._members])

    def __contains__(self, name: str) -> bool:
        return name in self._files or name in self._members

    def is_packed(self, name: str) -> bool:
        """Returns whether a file is in an archive."""
        return name in self._members

    def matches(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Returns the names that match as a whole, below one root.

        Args:
          pattern: has a group `root`, the path down to the dataset. Where
            there are several (an archive beside what was unpacked from it),
            the one with the shortest path counts.
        """
        found = [m for m in map(pattern.fullmatch, self.names()) if m]
        if not found:
            return []
        root = min({m["root"] for m in found}, key=lambda r: (r.count("/"), r))
        return [m for m in found if m["root"] == root]

    def read(self, name: str) -> bytes:
        """Returns a file's bytes.

        Raises:
          BadExample: it is missing, too large, or cannot be read.
        """
        if name not in self:
            raise BadExample(f"the file {name} is missing")
        try:
            if self._size(name) > MAX_FILE_BYTES:
                raise BadExample(f"the file {name} is too large")
            with self.open(name) as file:
                return file.read()
        except (
            OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile,
            zlib.error, EOFError,
        ) as error:  # fmt: skip
            raise BadExample(
                f"the file {name} cannot be read: {error}"
            ) from None

    def open(self, name: str) -> BinaryIO:
        """Opens a file; those in archives can be slow to seek in."""
        if name in self._files:
            return self._files[name].open("rb")
        archive, member = self._members[name]
        return archive.open(member)

    def fingerprint(self) -> str:
        """Returns a hash of all names, sizes and times of change."""
        digest = hashlib.sha256()
        for name in self.names():
            if name in self._files:
                state = _state(self._files[name])
            else:
                member = self._members[name][1]
                state = (member.file_size, member.CRC)
            digest.update(repr((name, *state)).encode())
        return digest.hexdigest()

    def _size(self, name: str) -> int:
        if name not in self._files:
            return self._members[name][1].file_size
        status = self._files[name].stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is no regular file")  # A pipe would never end.
        return status.st_size


def _state(path: pathlib.Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:  # A link to nowhere; reading it tells.
        return ()
    return (status.st_size, status.st_mtime_ns)
