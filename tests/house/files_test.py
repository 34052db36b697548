"""Rules that every file of the project keeps."""

import ast
import re

from tests.house.sources import ROOT, project_files, python_files

MAX_LINES = 400
MAX_BYTES = 1_000_000
# Brackets keep the patterns from finding themselves.
REGISTRY = re.compile(r"(py[p]i|python[h]osted|npm[j]s|deb[i]an)\.(org|com)")
MACHINE_PATH = re.compile(r"(?<![\w.$})-])/(work|root|home)/\w")


def _lines_with(pattern):
    """`path:line` of every line of a text file that has the pattern."""
    found = []
    for path in project_files():
        text = (ROOT / path).read_text(errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path}:{number}")
    return found


def test_no_file_names_a_package_registry():
    assert not _lines_with(REGISTRY)


def test_no_file_names_a_path_of_one_machine():
    assert not _lines_with(MACHINE_PATH)


def test_the_patterns_find_what_they_are_for():
    host = "https://" + ".".join(["files", "python" + "hosted", "org"])
    assert REGISTRY.search(f"see {host}/packages")
    assert MACHINE_PATH.search("in '" + "/".join(["", "home", "anna"]) + "'")
    assert not MACHINE_PATH.search("shared/" + "work/x")


def test_every_source_file_starts_with_a_docstring():
    sources = [(path, (ROOT / path).read_text()) for path in python_files()]
    assert [
        str(path)
        for path, text in sources
        if ast.get_docstring(ast.parse(text)) is None
    ] == []


def test_source_files_stay_short():
    lengths = {
        str(path): len((ROOT / path).read_text().splitlines())
        for path in python_files()
    }
    assert {p: n for p, n in lengths.items() if n >= MAX_LINES} == {}


def test_files_stay_small():
    sizes = {str(p): (ROOT / p).stat().st_size for p in project_files()}
    assert {p: n for p, n in sizes.items() if n > MAX_BYTES} == {}
