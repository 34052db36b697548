"""Makes the virtual environment with the pinned requirements.

    python3 requirements/install.py .venv

Does nothing where the environment is up to date. Plain Python: it runs
before anything is installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import time
import venv

from select_set import HERE, UnsupportedMachineError, select_here

PROJECT = HERE.parent
# pip refuses tfx 1.16 on Python 3.11, where it works; uv installs it.
UV = "uv>=0.8,<1"


class SetupError(Exception):
    """The set-up cannot go on; says why in one line."""


def stamp_of(environment: pathlib.Path, pins: pathlib.Path) -> pathlib.Path:
    """The file that says that these very requirements are installed so."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (pins, PROJECT / "pyproject.toml", pathlib.Path(__file__)):
        digest.update(file.read_bytes())
    return environment / f".installed-{digest.hexdigest()[:12]}"


def run(*command: object, **options) -> None:
    """Runs a command; a failure leaves what it printed, and one line."""
    try:
        subprocess.run([str(part) for part in command], check=True, **options)
    except subprocess.CalledProcessError as error:
        raise SetupError(
            f"'{' '.join(error.cmd[:4])} ...' failed, see above; once that "
            "is mended, run make setup again."
        ) from error


def create(environment: pathlib.Path) -> None:
    """Makes an empty environment, unless a sound one of this Python is there.

    Args:
        environment: Its folder; an unsound environment is made anew.

    Raises:
        SetupError: If something else lies there.
    """
    version = sys.version_info[:2]
    check = f"import sys; sys.exit(sys.version_info[:2] != {version})"
    programs = environment / "bin"
    if (programs / "uv").exists() and (programs / "python").exists():
        if not subprocess.call([programs / "python", "-c", check]):
            return
    if environment.exists() and not (environment / "pyvenv.cfg").exists():
        raise SetupError(
            f"{environment} is no virtual environment; remove it, or name "
            "another folder: make setup VENV=FOLDER"
        )
    # Debian and Ubuntu have ensurepip in a package of its own.
    has_pip = importlib.util.find_spec("ensurepip") is not None
    venv.create(environment, clear=True, symlinks=True, with_pip=has_pip)


def bring_uv(environment: pathlib.Path) -> pathlib.Path:
    """Puts uv into the environment, by whatever pip there is."""
    uv = environment / "bin" / "uv"
    if uv.exists():
        return uv
    pip = ["-m", "pip", "install", "--quiet", UV]
    settings = {
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_USER": "0",
    }
    if next(environment.glob("lib/python*/site-packages/pip"), None):
        run(environment / "bin" / "python", *pip, env=settings)
        return uv
    if importlib.util.find_spec("pip"):
        folder = environment / "uv"
        run(sys.executable, *pip, "--target", folder, env=settings)
        found = folder / "bin" / "uv"
    elif not (found := shutil.which("uv")):
        raise SetupError(
            f"{sys.executable} comes without pip, which the set-up needs; "
            "install it (Debian, Ubuntu: apt-get install python3-venv) and "
            "run make setup again."
        )
    uv.symlink_to(pathlib.Path(found).resolve())
    return uv


def install(environment: pathlib.Path) -> None:
    """Brings the environment up to date.

    Args:
        environment: Its folder, made where it is missing.

    Raises:
        UnsupportedMachineError: If no set of requirements fits the machine.
        SetupError: If a step fails.
    """
    chosen = select_here()
    pins = chosen.pins(sys.version_info[:2])
    stamp = stamp_of(environment, pins)
    if stamp.exists():
        return
    print(
        f"Installing {pins.relative_to(PROJECT)} into {environment} (4 GB, "
        "some minutes the first time)",
        flush=True,
    )
    start = time.monotonic()
    for old in environment.glob(".installed-*"):
        old.unlink()
    create(environment)
    uv = bring_uv(environment)
    settings = dict(os.environ, VIRTUAL_ENV=str(environment.resolve()))
    if not os.access(pathlib.Path.home(), os.W_OK):
        settings.setdefault("UV_CACHE_DIR", str(environment / "cache"))
    # On a terminal uv shows how the downloads get on.
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    # Where Python may write no bytecode (PYTHONDONTWRITEBYTECODE, as containers
    # set it), each process would compile TensorFlow anew, which takes 10 s.
    run(uv, "pip", "sync", "--compile-bytecode", *quiet, pins, env=settings)
    # The pins hold setuptools, so that the build needs no download.
    build = ["--no-deps", "--no-build-isolation", "--editable"]
    run(uv, "pip", "install", "--quiet", *build, PROJECT, env=settings)
    stamp.touch()
    print(f"Installed in {time.monotonic() - start:.0f} s")


def main(arguments: list[str]) -> int:
    """Runs the command line: one argument, the environment's folder."""
    if len(arguments) != 1:
        print("usage: install.py ENVIRONMENT", file=sys.stderr)
        return 2
    try:
        install(pathlib.Path(arguments[0]))
    except (SetupError, UnsupportedMachineError) as error:
        print(f"make setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("make setup: interrupted; run it again", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
