"""Chooses the pinned requirements that fit this machine.

Runs before anything is installed, and on a Python that may be too old:
plain Python 3.8, no other package.
"""

from __future__ import annotations

import os
import pathlib
import platform
import sys
from typing import NamedTuple

Version = tuple  # Major and minor number.
HERE = pathlib.Path(__file__).parent
# What of pyproject.toml is pinned beside what it always needs. The others are
# installed by the few who want them.
EXTRAS = ("dev", "minilm", "parquet", "pipeline", "serving")


class RequirementSet(NamedTuple):
    """One supported combination of TFX and TensorFlow.

    Attributes:
        name: Names its files, `set_<name>.in` and `set_<name>-py3XX.txt`.
        first_glibc: The oldest glibc that its wheels run on.
        pythons: The Python versions that it is pinned for, oldest first.
    """

    name: str
    first_glibc: Version
    pythons: tuple[Version, ...]

    def pins(self, python: Version) -> pathlib.Path:
        """The file of pinned requirements for a Python version."""
        major, minor = python
        return HERE / f"set_{self.name}-py{major}{minor}.txt"


# From the oldest glibc to the newest; the last one that fits is taken.
SETS = (
    RequirementSet("a", (2, 28), ((3, 10), (3, 11))),
    RequirementSet("b", (2, 39), ((3, 10), (3, 11), (3, 12), (3, 13))),
)


class UnsupportedMachineError(Exception):
    """No set fits the machine; says why in one line."""


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def this_glibc() -> Version | None:
    """glibc's version on this machine, None without glibc."""
    try:
        # "glibc 2.36"
        name = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, OSError, ValueError):
        return None
    library, _, version = name.partition(" ")
    if library != "glibc":
        return None
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


def select(
    glibc: Version | None,
    python: Version,
    machine: str = "x86_64",
) -> RequirementSet:
    """Chooses a set.

    Args:
        glibc: Version of the C library, None where it is another one.
        python: Version of Python.
        machine: The processor's architecture, as `platform.machine()`.

    Returns:
        The set for the newest TFX that this combination can run.

    Raises:
        UnsupportedMachineError: If no set fits.
    """
    if glibc is None or machine != "x86_64":
        raise UnsupportedMachineError(
            "tfstory needs Linux with glibc on x86_64, as TFX does; "
            f"this is {machine} {'with' if glibc else 'without'} glibc. "
            "Use a container of such a Linux."
        )
    fitting = [choice for choice in SETS if glibc >= choice.first_glibc]
    if not fitting:
        raise UnsupportedMachineError(
            f"tfstory needs glibc {_text(SETS[0].first_glibc)} or later, "
            f"this machine has {_text(glibc)}. Use a newer Linux."
        )
    chosen = fitting[-1]
    if python not in chosen.pythons:
        versions = ", ".join(map(_text, chosen.pythons))
        raise UnsupportedMachineError(
            f"tfstory runs on Python {versions} with glibc {_text(glibc)}, "
            f"this is Python {_text(python)}. Name another one: "
            f"make setup PYTHON=python{_text(chosen.pythons[-1])}"
        )
    return chosen


def select_here() -> RequirementSet:
    """The set for this machine and this Python; raises as `select`."""
    return select(this_glibc(), sys.version_info[:2], platform.machine())


def main() -> int:
    """Prints the path of the chosen file of pinned requirements."""
    try:
        print(select_here().pins(sys.version_info[:2]))
    except UnsupportedMachineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
