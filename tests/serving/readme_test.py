"""The README's examples of calls, run as they stand there."""

import pathlib
import re
import shlex

import pytest

from serving.client import commands

README = pathlib.Path(__file__).parents[2] / "serving" / "README.md"
TARGET = "localhost:8500"


def _example(language):
    section = README.read_text(encoding="utf-8").partition("## Call it")[2]
    (code,) = re.findall(
        rf"```{language}\n(.*?)```", section.partition("\n## ")[0], re.DOTALL
    )
    return code


@pytest.fixture
def target(story_export, serve, tmp_path, monkeypatch):
    from serving.server import config

    monkeypatch.chdir(tmp_path)
    for name in "abcd":
        pathlib.Path(f"{name}.png").write_bytes(f"picture {name}".encode())
    return serve(config.ModelSettings("story_reasoning", story_export)).target


def test_commands(target, capsys):
    export, *lines = _example("sh").replace("\\\n", " ").splitlines()
    assert export == f"export T={TARGET}"
    outputs = []
    for line in lines:
        if line.startswith("#"):
            continue
        python, flag, module, *arguments = shlex.split(
            line.replace("$T", target)
        )
        assert (python, flag, module) == ("python", "-m", "serving.client")
        assert commands.main(arguments) == 0
        outputs.append(capsys.readouterr().out)
    ready, _, _, caption, latent, files = outputs
    assert ready == "ready\n"
    assert caption.splitlines()[0].endswith("It is near the box. 7")
    assert '"latent"' in latent
    assert '"next.png"' in files
    assert pathlib.Path("next.png").read_bytes() == b"picture d"


def test_library(target, capsys):
    code = _example("python")
    assert code.count(f'"{TARGET}"') == 1
    exec(code.replace(TARGET, target), {})
    assert capsys.readouterr().out.endswith("It is near the box. 7\n")
    assert pathlib.Path("next.png").read_bytes() == b"picture d"
