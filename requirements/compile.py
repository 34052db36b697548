"""Pins the requirements of every supported set and Python version.

    .venv/bin/python requirements/compile.py .venv/bin/uv [--upgrade ...]

Takes the pins that still fit over, unless told to upgrade.
"""

import subprocess
import sys

from select_set import EXTRAS, HERE, SETS


def main(uv: str, *options: str) -> int:
    """Writes `set_<name>-py3XX.txt` beside this file.

    Args:
        uv: The uv program.
        *options: Further options of `uv pip compile`.

    Returns:
        The exit code, not 0 where a set has no solution.
    """
    for choice in SETS:
        major, minor = choice.first_glibc
        for python in choice.pythons:
            pins = choice.pins(python).name
            print(f"requirements/{pins}", flush=True)
            command = [uv, "pip", "compile", "pyproject.toml"]
            command += [f"requirements/set_{choice.name}.in"]
            command += [f"--extra={extra}" for extra in EXTRAS]
            command += ["--python-version", ".".join(map(str, python))]
            # Only wheels that the set's oldest glibc can load.
            command += ["--python-platform"]
            command += [f"x86_64-manylinux_{major}_{minor}"]
            # The files hold versions alone: no address, no machine's path.
            command += ["--no-emit-index-url", "--no-annotate", "--quiet"]
            command += ["--custom-compile-command", "make requirements"]
            command += ["--output-file", f"requirements/{pins}", *options]
            status = subprocess.run(
                command, cwd=HERE.parent, stdout=subprocess.DEVNULL
            ).returncode
            if status:
                return status
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
