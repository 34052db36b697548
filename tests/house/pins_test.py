"""The pinned requirements hold what pyproject.toml asks for."""

import re
import sys

import pytest
from packaging.requirements import Requirement

from requirements import select_set
from tests.house.sources import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PINS = [
    (choice, python) for choice in select_set.SETS for python in choice.pythons
]
EVERY_PIN = pytest.mark.parametrize(
    ("choice", "python"),
    PINS,
    ids=[choice.pins(python).stem for choice, python in PINS],
)


def _lines(path):
    lines = (line.partition("#")[0].strip() for line in path.open())
    return [line for line in lines if line]


def _canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = list(project["dependencies"])
    for extra in select_set.EXTRAS:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


@EVERY_PIN
def test_every_line_is_one_exact_version(choice, python):
    pin = re.compile(r"[a-z0-9-]+==[0-9][a-z0-9.+]*")
    lines = _lines(choice.pins(python))
    assert [line for line in lines if not pin.fullmatch(line)] == []


@EVERY_PIN
def test_pins_lie_in_the_ranges(choice, python):
    pinned = dict(line.split("==") for line in _lines(choice.pins(python)))
    narrower = select_set.HERE / f"set_{choice.name}.in"
    wanted = _asked_for() + [Requirement(x) for x in _lines(narrower)]
    assert {
        str(requirement): pinned.get(_canonical(requirement.name))
        for requirement in wanted
        if not requirement.specifier.contains(
            pinned.get(_canonical(requirement.name), "0")
        )
    } == {}


@EVERY_PIN
@pytest.mark.parametrize("package", ["kfp", "music21", "rdkit"])
def test_what_few_want_is_not_pinned(choice, python, package):
    """Nor does `make requirements` ask for it: they bring much along."""
    names = [line.split("==")[0] for line in _lines(choice.pins(python))]
    assert package not in names


def test_no_requirements_file_has_an_address():
    files = sorted(select_set.HERE.glob("*.in"))
    files += sorted(select_set.HERE.glob("*.txt"))
    assert len(files) == len(select_set.SETS) + len(PINS)
    address = re.compile(r"://|@|^\s*-", re.MULTILINE)
    assert [f.name for f in files if address.search(f.read_text())] == []
