"""What `make setup` does, with a stand-in for uv."""

import shutil
import subprocess
import sys

import pytest

from tests.house.sources import ROOT


@pytest.fixture
def checkout(tmp_path):
    """A copy of the set-up whose uv only notes how it was called."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    programs = tmp_path / "env" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    write_uv(tmp_path, status=0)
    return tmp_path


def write_uv(checkout, status):
    uv = checkout / "env" / "bin" / "uv"
    uv.write_text(
        f'#!/bin/sh\necho "$@" >> "{checkout}/calls"\nexit {status}\n'
    )
    uv.chmod(0o755)


def setup(checkout):
    return subprocess.run(
        [sys.executable, "requirements/install.py", "env"],
        cwd=checkout,
        capture_output=True,
        text=True,
    )


def calls(checkout):
    return (checkout / "calls").read_text().splitlines()


def stamps(checkout):
    return list((checkout / "env").glob(".installed-*"))


def test_installs_the_pins_then_the_project(checkout):
    assert setup(checkout).returncode == 0
    pins, project = calls(checkout)
    assert pins.startswith("pip sync --compile-bytecode")
    assert pins.endswith(".txt")
    assert project.endswith(f"--editable {checkout}")
    assert "--no-deps" in project
    assert len(stamps(checkout)) == 1


def test_second_run_does_nothing(checkout):
    setup(checkout)
    again = setup(checkout)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(calls(checkout)) == 2


def test_changed_requirements_are_installed(checkout):
    setup(checkout)
    (old,) = stamps(checkout)
    for pins in (checkout / "requirements").glob("*.txt"):
        pins.write_text(pins.read_text() + "another==1.0\n")
    assert setup(checkout).returncode == 0
    assert len(calls(checkout)) == 4
    (new,) = stamps(checkout)
    assert new != old


def test_failed_install_leaves_no_stamp_and_says_so(checkout):
    write_uv(checkout, status=3)
    failed = setup(checkout)
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert "run make setup again" in failed.stderr
    assert stamps(checkout) == []
    write_uv(checkout, status=0)
    assert setup(checkout).returncode == 0


def test_spares_a_folder_that_is_no_environment(checkout):
    keep = checkout / "env" / "bin" / "uv"
    keep.rename(checkout / "env" / "letters.txt")
    refused = setup(checkout)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "is no virtual environment" in refused.stderr
    assert (checkout / "env" / "letters.txt").exists()
