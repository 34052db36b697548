"""Version folders on disk, and whether somebody is still writing them."""

import os
import pathlib
import re
import time

_VERSION = re.compile(r"[+-]?[0-9]+")


def find_versions(base_path: pathlib.Path) -> dict[int, pathlib.Path]:
    """Returns the folders under a base path whose names are numbers.

    Raises:
        OSError: the base path cannot be read. It may be away for a moment,
            so this is no reason to unload anything.
    """
    return {
        int(entry.name): pathlib.Path(entry.path)
        for entry in sorted(os.scandir(base_path), key=lambda e: e.name)
        if _is_version(entry.name) and entry.is_dir()
    }


def _is_version(name: str) -> bool:
    # Requests and answers hold it as a 64-bit number.
    return bool(_VERSION.fullmatch(name)) and abs(int(name)) < 2**63


Fingerprint = tuple[tuple[str, int, int], ...]


def fingerprint(version_path: pathlib.Path) -> tuple[Fingerprint, float]:
    """Describes a version folder's files.

    Returns:
        Name, size and change time of each file and folder, and the seconds
        since the youngest change. The change time is that of the inode: a
        copy that keeps modification times cannot hide in it.
    """
    entries = []
    newest = 0
    for folder, _, files in os.walk(version_path):
        for name in ["", *files]:
            path = os.path.join(folder, name)
            try:
                stat = os.stat(path)
            except OSError:  # Renamed or removed meanwhile.
                continue
            entries.append((path, stat.st_size, stat.st_ctime_ns))
            newest = max(newest, stat.st_ctime_ns)
    return tuple(sorted(entries)), time.time() - newest / 1e9


class SettleWatch:
    """Tells when a version folder has been left alone for a while.

    Args:
        settle_seconds: how long.
    """

    def __init__(self, settle_seconds: float) -> None:
        self._settle_seconds = settle_seconds
        self._seen: Fingerprint | None = None
        self._since = 0.0

    def settled(self, seen: Fingerprint, age: float) -> bool:
        """Takes a new look, and says whether nothing changed for long enough.

        Args:
            seen: what `fingerprint` returned just now.
            age: seconds since the youngest change, by the file system's
                clock, which may be another machine's.
        """
        now = time.monotonic()
        if seen != self._seen:
            self._seen = seen
            self._since = now
        unchanged = max(age, now - self._since)
        return unchanged >= self._settle_seconds
