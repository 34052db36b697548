"""Tests of `tfstory prepare`."""

import json

import pytest
from PIL import Image

from tfstory.commands.main import main


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    Image.new("RGB", (4, 4)).save(folder / "a.png")
    frame = {"image": "a.png", "sentence": "hello"}
    lines = [
        {"story_id": f"s{i}", "frames": [frame] * (i + 1)} for i in range(3)
    ]
    lines.append({"story_id": "bad", "frames": [{"image": "b.png"}]})
    (folder / "stories.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


def test_prints_what_became_of_the_stories(folder, tmp_path, capsys):
    code = main(
        [
            "prepare",
            "--dataset=story_folder",
            f"--manual_dir={folder}",
            f"--data_dir={tmp_path / 'data'}",
        ]
    )
    out = capsys.readouterr().out
    assert code == 0
    assert "story_folder: left out 1 story\n" in out
    assert "bad: line 4, frame 1: sentence is missing" in out
    assert f"prepared in {tmp_path / 'data' / 'story_folder'}" in out


@pytest.mark.parametrize(
    "words, message",
    [
        (["--dataset=nothing"], "there is no dataset 'nothing'"),
        (["--dataset=codraw", "--builder.x=1"], "no argument 'x'"),
        (["--dataset=codraw", "--builder.width"], "write --builder.NAME=VALUE"),
        (["--dataset=codraw", "--manual_dir=gone"], "gone is not there"),
    ],
)
def test_errors_are_one_line(tmp_path, capsys, words, message):
    code = main(["prepare", f"--data_dir={tmp_path}", *words])
    err = capsys.readouterr().err
    assert code == 1
    assert message in err
    assert err.count("\n") == 1
