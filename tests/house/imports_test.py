"""Imports between the packages run one way, as the layout says."""

import ast
import pathlib

import pytest

from tests.house.sources import ROOT, python_files

# What is not named here is the base that all others build on.
RANKS = {"systems": 1, "training": 2, "export": 2, "commands": 3}


def imported_modules(source: str, package: str) -> set[str]:
    """Full names of what a module imports, lazily or at its top.

    Args:
        source: The module's text.
        package: Name of the package that relative imports start from.
    """
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".") if node.level else []
            base = base[: len(base) - node.level + 1] if base else base
            base += [node.module] if node.module else []
            names.update(".".join([*base, a.name]) for a in node.names)
    return names


def rank(module: str) -> int:
    """How high a module of tfstory stands; it may import up to its height."""
    parts = module.split(".")
    return RANKS.get(parts[1], 0) if len(parts) > 1 else 0


def _imports(package):
    """Yields path, dotted name and imports of each module of a package."""
    for path in python_files(package):
        name = ".".join(path.with_suffix("").parts)
        source = (ROOT / path).read_text()
        yield path, name, imported_modules(source, ".".join(path.parent.parts))


def _taken_from(package, forbidden):
    return [
        f"{path}: {module}"
        for path, _, modules in _imports(package)
        for module in modules
        if module.split(".")[0] in forbidden
    ]


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("serving", {"tfstory", "tfx_pipeline", "configs"}),
        ("tfstory", {"tfx_pipeline", "serving", "configs"}),
    ],
)
def test_package_stands_without(package, forbidden):
    assert python_files(package), "no such package"
    assert _taken_from(package, forbidden) == []


def test_imports_inside_tfstory_run_one_way():
    assert [
        f"{path}: {module}"
        for path, name, modules in _imports("tfstory")
        for module in modules
        if module.split(".")[0] == "tfstory" and rank(module) > rank(name)
    ] == []


def test_imported_modules_sees_every_form():
    source = "import a.b\nfrom c import d\ndef f():\n  from ..e import g\n"
    assert imported_modules(source, "p.q") == {"a.b", "c.d", "p.e.g"}
    assert imported_modules("from . import x", "p.q") == {"p.q.x"}


def test_rank_follows_the_layout():
    names = ["text.words", "systems.stage", "training.runner", "commands.main"]
    ranks = [rank(f"tfstory.{name}") for name in names]
    assert ranks == sorted(set(ranks))
    assert rank("tfstory") == rank("tfstory.stories") == 0
    assert rank("tfstory.export.saved_model") == rank("tfstory.training")


def test_ranked_packages_exist():
    packages = {path.parts[1] for path in python_files("tfstory")}
    assert RANKS.keys() <= packages
    assert pathlib.Path("tfstory/stories.py") in python_files("tfstory")
