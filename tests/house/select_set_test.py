"""The set of requirements that a machine gets."""

import platform
import sys

import pytest

from requirements import select_set


@pytest.mark.parametrize(
    ("glibc", "python", "pins"),
    [
        ((2, 28), (3, 10), "set_a-py310.txt"),
        ((2, 35), (3, 10), "set_a-py310.txt"),  # Ubuntu 22.04
        ((2, 36), (3, 11), "set_a-py311.txt"),  # Debian 12
        ((2, 38), (3, 11), "set_a-py311.txt"),
        ((2, 39), (3, 10), "set_b-py310.txt"),
        ((2, 39), (3, 12), "set_b-py312.txt"),  # Ubuntu 24.04
        ((2, 41), (3, 13), "set_b-py313.txt"),  # Debian 13
        ((3, 0), (3, 11), "set_b-py311.txt"),
    ],
)
def test_selects_by_glibc_and_python(glibc, python, pins):
    path = select_set.select(glibc, python).pins(python)
    assert path.name == pins
    assert path.is_file()


@pytest.mark.parametrize(
    ("glibc", "python", "machine", "words"),
    [
        ((2, 36), (3, 12), "x86_64", "make setup PYTHON=python3.11"),
        ((2, 36), (3, 9), "x86_64", "Python 3.10, 3.11 with glibc 2.36"),
        ((2, 41), (3, 14), "x86_64", "make setup PYTHON=python3.13"),
        ((2, 17), (3, 11), "x86_64", "glibc 2.28 or later"),
        (None, (3, 11), "x86_64", "without glibc"),
        ((2, 36), (3, 11), "aarch64", "this is aarch64"),
    ],
)
def test_refuses_in_one_line(glibc, python, machine, words):
    with pytest.raises(select_set.UnsupportedMachineError) as error:
        select_set.select(glibc, python, machine)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("answer", "version"),
    [("glibc 2.36", (2, 36)), ("musl 1.2", None), (None, None)],
)
def test_reads_the_c_library(monkeypatch, answer, version):
    monkeypatch.setattr("os.confstr", lambda name: answer)
    assert select_set.this_glibc() == version


def test_system_without_confstr_has_no_glibc(monkeypatch):
    def unknown(name):
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr("os.confstr", unknown)
    assert select_set.this_glibc() is None


def test_prints_the_pins_of_this_machine(monkeypatch, capsys):
    monkeypatch.setattr("os.confstr", lambda name: "glibc 2.36")
    monkeypatch.setattr(sys, "version_info", (3, 11, 7))
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert select_set.main() == 0
    assert capsys.readouterr().out.strip().endswith("set_a-py311.txt")


def test_command_fails_with_one_line(monkeypatch, capsys):
    monkeypatch.setattr("os.confstr", lambda name: "musl 1.2")
    assert select_set.main() == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
