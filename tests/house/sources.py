"""The project's own files, for the checks over all of them."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[2]


def project_files() -> list[pathlib.Path]:
    """All files that git keeps or would keep, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (pathlib.Path(line) for line in sorted(set(listing.splitlines())))
    return [path for path in paths if (ROOT / path).is_file()]


def python_files(package: str = ".") -> list[pathlib.Path]:
    """The Python files under a folder, relative to the root."""
    return [
        path
        for path in project_files()
        if path.suffix == ".py" and path.is_relative_to(package)
    ]
