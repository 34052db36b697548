"""The client's command line."""

import json
import re
import subprocess
import sys

import pytest

from serving.client import commands


@pytest.fixture
def run(shared, capsys):
    def run(*arguments, model="numbers"):
        code = commands.main(
            [f"--target={shared.target}", f"--model={model}", *arguments]
        )
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_status(run):
    assert run("status") == (0, "1 AVAILABLE\n", "")


def test_metadata(run):
    code, out, _ = run("metadata")
    assert code == 0
    assert out.splitlines()[0] == "numbers version 1"
    lines = out.splitlines()
    at = lines.index("scale")
    assert lines[at + 1 : at + 5] == [
        "  input factor: int64[?]",
        "  input pairs: float32[?,2]",
        "  output factor: int64[?]",
        "  output scaled: float32[?,2]",
    ]


def test_flags_may_follow_the_command(shared, capsys):
    arguments = ["wait", f"--target={shared.target}", "--model=numbers"]
    assert commands.main(arguments) == 0
    assert capsys.readouterr().out == "ready\n"


@pytest.mark.parametrize(
    ("arguments", "outputs"),
    [
        (["--input", "x=1"], {"y": [2.0], "twice": [2.0]}),
        (
            ["--input", "x=1", "--input", "x=-2.5"],
            {"y": [2.0, -1.5], "twice": [2.0, -5.0]},
        ),
        (["--input", "x=[1, 2]"], {"y": [2.0, 3.0], "twice": [2.0, 4.0]}),
        (
            ["--signature=lower", "--input", "text=a=[B]"],
            {"text": ["a=[b]"], "bytes": [5]},
        ),
        (
            ["--signature=lower", "--input", "text=[B"],
            {"text": ["[b"], "bytes": [2]},
        ),
        (
            ["--signature=scale", "--input", "pairs=[1, 2]"]
            + ["--input", "factor=3"],
            {"scaled": [[3.0, 6.0]], "factor": [3]},
        ),
    ],
)
def test_predict(run, arguments, outputs):
    code, out, err = run("predict", *arguments)
    assert (code, err) == (0, "")
    assert json.loads(out) == outputs


def test_predict_with_files(run, tmp_path):
    (tmp_path / "in").write_bytes(b"UP\xc3\x84")
    (tmp_path / "bad").write_bytes(b"\xff")
    out_file = tmp_path / "out"
    code, out, _ = run(
        "predict",
        "--signature=lower",
        f"--input=text=@{tmp_path / 'in'}",
        f"--save=text={out_file}",
    )
    assert code == 0
    files = {"files": [str(out_file)]}
    assert json.loads(out) == {"bytes": [4], "text": files}
    assert out_file.read_bytes() == "upä".encode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["predict", "--input", "x"], "'x' is not name=value"),
        (["predict", "--input", "z=1"], "no input 'z'; it takes x"),
        (["predict", "--input", "x=one"], "input 'x': 'one' is no number"),
        # More digits than Python reads.
        (
            ["predict", f"--input=x={'9' * 5000}"],
            "input 'x': '9+' is no number",
        ),
        (["predict", "--input", "x=[1"], "input 'x': '\\[1' is no JSON list"),
        (
            ["predict", "--signature=scale", "--input=pairs=[1, 2]"]
            + ["--input=factor=99999999999999999999"],
            r"'factor': takes int64\[\?\], got a number out of its range",
        ),
        (
            ["predict", "--signature=scale", "--input=factor=1"],
            "the signature's pairs is missing; give each input as --input",
        ),
        (
            ["predict", "--signature=lower", "--input=text=caf\udce9"],
            r"input 'text': 'caf\\udce9' is not UTF-8",
        ),
        (["predict", "--input", "x=@/no/file"], "cannot read /no/file: No"),
        (
            ["predict", "--signature=no"],
            "no signature no; it has .*; choose with --signature",
        ),
        (
            ["predict", "--signature=scale", "--input=factor=1"]
            + ["--input=pairs=[1, 2, 3]"],
            r"'pairs' is expected to have shape \[\?,2\] but has \[1,3\]",
        ),
        (
            ["predict", "--signature=height", "--input=images=no picture"],
            "INVALID_ARGUMENT: Unknown image file format",
        ),
        (["--model=other", "status"], "NOT_FOUND: .* of model other"),
        (["--model=other", "predict"], r"NOT_FOUND: .*Latest\(other\)"),
        (["--retries=-1", "status"], "-1 retries; give 0 or more"),
        (["--timeout=0", "status"], "timeout of 0 s; give more than 0"),
        (["--timeout=nan", "status"], "timeout of nan s; give more than 0"),
        (["wait", "--seconds=nan"], "cannot wait nan s"),
        (["predict"], "x is missing; give each"),
        (["predict", "--input=x=1", "--save=z=f"], "one of the outputs"),
        (
            ["predict", "--input=x=1", "--save=y=f", "--save=y=g"],
            "names output 'y' twice",
        ),
        (
            ["predict", "--input=x=1", "--save=y=/no/folder/f"],
            "cannot write /no/folder/f: No such file",
        ),
        (["--version=9", "status"], "NOT_FOUND: Could not find version 9"),
        (["--version=9", "--version_label=a", "status"], "not both"),
        (
            ["next", "--frames", "/no/a.png", "--sentences", "a", "--out=o"],
            "cannot read /no/a.png",
        ),
        (
            ["next", "--frames", "a", "b", "--sentences", "a", "--out=o"],
            "2 frames and 1 sentences; give one sentence for each",
        ),
    ],
)
def test_mistakes_end_in_one_line(run, arguments, message):
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert re.search(message, err)


@pytest.mark.parametrize("seed", ["9" * 20, "9" * 5000, str(2**63), "1.5"])
def test_a_seed_that_no_int64_holds_is_refused(seed, capsys):
    with pytest.raises(SystemExit) as raised:
        commands.main(
            ["next", "--frames", "a", "--sentences", "a", "--out=o"]
            + [f"--seed={seed}"]
        )
    assert raised.value.code == 1
    err = capsys.readouterr().err
    assert re.match(f"error: argument --seed: '{seed}' is no whole number", err)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["nope"], ["status", "--wrong"], ["next"]]
)
def test_wrong_flags_end_in_one_line(arguments, capsys):
    with pytest.raises(SystemExit) as raised:
        commands.main(arguments)
    assert raised.value.code == 1
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_no_server_no_traceback():
    process = subprocess.run(
        [sys.executable, "-m", "serving.client", "--target=127.0.0.1:1"]
        + ["--retries=0", "status"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 1
    assert process.stderr.startswith("error: cannot reach 127.0.0.1:1; ")
    assert process.stderr.count("\n") == 1


def test_too_large_a_request_ends_in_one_line(add_version, serve, capsys):
    add_version(1)
    served = serve(max_request_bytes=1000)
    code = commands.main(
        ["predict", f"--target={served.target}", "--model=numbers"]
        + ["--signature=lower", f"--input=text={'x' * 2000}"]
    )
    assert code == 1
    err = capsys.readouterr().err
    assert re.search("RESOURCE_EXHAUSTED: .*larger than max", err)
    assert err.count("\n") == 1


def test_next(story_export, serve, tmp_path, capsys):
    from serving.server import config

    served = serve(config.ModelSettings("story", story_export))
    frames = []
    for name in "abcd":
        frames.append(tmp_path / f"{name}.png")
        frames[-1].write_bytes(f"picture {name}\0".encode())
    out_file = tmp_path / "next.png"

    def run(count):
        code = commands.main(
            ["next", f"--target={served.target}", "--model=story", "--frames"]
            + [str(path) for path in frames[:count]]
            + ["--sentences", "Ä", "b", "c", "d"][: count + 1]
            + ["--seed=7", "--temperature=0.5", f"--out={out_file}"]
        )
        return code, capsys.readouterr()

    code, captured = run(4)
    assert (code, captured.err) == (0, "")
    assert captured.out.splitlines() == [
        "caption: Ä b c d 7",
        "log_probability: -0.5000",
        f"image: {out_file}",
    ]
    assert out_file.read_bytes() == b"picture d\0"
    code, captured = run(3)
    assert code == 1
    assert captured.err == "error: the model goes on from 4 frames, got 3\n"
