"""Commands and links in the documents are ones that there are."""

import ast
import importlib.util
import os
import pathlib
import re
import shlex

import pytest

from serving.client import commands as client
from serving.server import arguments as server
from tests.house.sources import ROOT, project_files, python_files
from tfstory.commands import config_file, main
from tfstory.datasets import registry as datasets
from tfstory.systems import registry as systems
from tfx_pipeline import add_span, arguments, run

DOCUMENTS = [p for p in project_files() if p.suffix == ".md"]
_FENCED = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_IN_A_SENTENCE = re.compile(r"`((?:make|tfstory|python -m) [^`]+)`")
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
# Programs of others.
_OTHERS = {"source", "export", "docker", "kubectl", "pip", ".venv/bin/uv"}


def _commands(text):
    """The words of each command in lines of shell."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while words and re.fullmatch(r"[A-Z]+=\S*", words[0]):
            del words[0]
        if words:
            yield words


def _of_documents():
    for path in DOCUMENTS:
        for block in _FENCED.findall((ROOT / path).read_text("utf-8")):
            yield from _commands(block)


def _of_configs():
    for path in python_files("configs"):
        text = ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8")))
        indented = "\n".join(
            line for line in text.splitlines() if line.startswith(" ")
        )
        # Without what is set in them, a line an example.
        for words in _commands(indented):
            if not words[0].startswith("--"):
                yield words


def _check_make(words):
    makefile = (ROOT / "Makefile").read_text()
    target, *variables = words
    assert re.search(rf"^{target}:.*##", makefile, re.MULTILINE), words
    for variable in variables:
        name, equals, _ = variable.partition("=")
        assert equals, words
        assert re.search(rf"^{name} \??=", makefile, re.MULTILINE), words


def _check_tfstory(words):
    """Parses a command; training leaves a work directory for later ones."""
    args = main._parse(words, words[0])
    if getattr(args, "config", "FILE") != "FILE":
        overrides = [w for w in args.overrides if w.startswith("--config.")]
        config = config_file.load(str(ROOT / args.config), overrides)
        if words[0] == "train":
            workdir = pathlib.Path(args.workdir)
            workdir.mkdir(parents=True, exist_ok=True)
            (workdir / "config.json").write_text(config_file.to_json(config))


def _check_module(words):
    module, *rest = words
    assert importlib.util.find_spec(module) is not None, module
    if module == "serving.client":
        client._parser().parse_args(rest)
    elif module == "serving.server":
        server.parse(rest)
    elif module == "tfx_pipeline.run":
        run._arguments(rest)
    elif module == "tfx_pipeline.add_span" and rest != ["--help"]:
        arguments.parse(add_span._parser(), rest)


def _check(words):
    program, *rest = words
    if program == "make":
        _check_make(rest)
    elif program == "tfstory":
        _check_tfstory(rest)
    elif program == "python":
        assert rest[0] == "-m", words
        _check_module(rest[1:])
    else:
        assert program in _OTHERS, words


@pytest.mark.parametrize("source", [_of_documents, _of_configs])
def test_commands_are_understood(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.symlink(ROOT / "configs", tmp_path / "configs")
    commands = list(source())
    assert len(commands) > 20
    for words in commands:
        try:
            _check(words)
        except SystemExit:
            pytest.fail(f"not understood: {shlex.join(words)}")


def test_commands_in_sentences_are_there():
    found = 0
    for path in DOCUMENTS:
        for text in _IN_A_SENTENCE.findall((ROOT / path).read_text("utf-8")):
            words = shlex.split(text)
            found += 1
            if words[0] == "make":
                _check_make(words[1:])
            elif words[0] == "tfstory":
                assert words[1] in (*main._COMMANDS, "COMMAND"), text
            else:
                assert importlib.util.find_spec(words[2]) is not None, text
    assert found > 20


def test_links_lead_somewhere():
    for path in DOCUMENTS:
        for link in _LINK.findall((ROOT / path).read_text("utf-8")):
            if "://" not in link:
                assert (ROOT / path.parent / link).exists(), (path, link)


@pytest.mark.parametrize(
    ("title", "names"),
    [("Systems", systems.names()), ("Datasets", datasets.names())],
)
def test_the_readme_s_tables_are_whole(title, names):
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if "|" in line]
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert set(names) <= listed


def test_a_command_that_is_none_is_found():
    with pytest.raises(AssertionError):
        _check(["make", "everything"])
    with pytest.raises(AssertionError):
        _check(["tfsotry", "train"])
    with pytest.raises(SystemExit):
        _check(["tfstory", "train", "--confg=x.py"])
