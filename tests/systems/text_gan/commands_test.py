"""A user's way through the commands with lines of their own."""

import csv
import json
import math

import pytest

from tfstory.commands import main

_CONFIG = '''
"""Lines, for tests."""

from tests.systems.policy import tiny


def get_config():
    return tiny.config(
        "text_gan",
        {
            "reward.roll_outs": 1,
            "stages.discriminator.epochs": 0,
            "stages.adversarial.epoch_steps": 2,
            "stages.adversarial.set_size": 4,
            "stages.adversarial.passes": 1,
            "training.strategy": "one_device",
        },
    )
'''
LINES = [
    f"the {what} {how}"
    for what in ("red ball", "cat", "small boat")
    for how in ("rests", "moves on", "is here", "goes", "sleeps")
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A trained run: its directory, and options of commands."""
    directory = tmp_path_factory.mktemp("way")
    (directory / "lines").mkdir()
    (directory / "lines" / "lines.txt").write_text("\n".join(LINES))
    (directory / "config.py").write_text(_CONFIG)
    data = f"--data_dir={directory}/data"
    source = f"--manual_dir={directory}/lines"
    prepare = ["prepare", "--dataset=text_lines", source, data]
    assert main.main(prepare) == 0
    options = [f"--workdir={directory}/run", data]
    config = f"--config={directory}/config.py"
    assert main.main(["train", config, *options]) == 0
    return directory, options


def test_training_records_both_players_and_samples(run):
    rows = json.loads((run[0] / "run" / "history.json").read_text())
    assert [row["stage"] for row in rows] == ["likelihood", "adversarial"]
    assert {"policy_loss", "return", "discriminator_loss"} <= set(
        rows[1]["train"]
    )
    assert rows[1]["validation"]["perplexity"] > 1
    sheet = (run[0] / "run" / "samples" / "final.txt").read_text()
    assert sheet.startswith("held out:\n  the ")
    assert len(sheet.partition("generated:\n")[2].splitlines()) == 12


def test_evaluate_shows_baselines_and_whole_sets(run, capsys):
    assert main.main(["evaluate", *run[1]]) == 0
    out = capsys.readouterr().out
    (line,) = [x for x in out.splitlines() if x.split()[:1] == ["perplexity"]]
    assert "unigram" in line and "uniform" in line
    written = json.loads((run[0] / "run" / "metrics.json").read_text())
    assert {"bleu_2", "self_bleu_2", "distinct"} <= written["metrics"].keys()
    assert "nll_oracle" not in written["metrics"]


def test_generate_writes_a_line_a_sample(run, tmp_path, capsys):
    words = ["generate", run[1][0], "--count=5", "--seed=3"]
    for name in ("one", "two"):
        assert main.main([*words, f"--out={tmp_path}/{name}.txt"]) == 0
    assert "5 sequences" in capsys.readouterr().out
    one, two = ((tmp_path / f"{n}.txt").read_text() for n in ("one", "two"))
    assert one == two and one.count("\n") == 5


def test_no_line_is_longer_than_asked_for(run, tmp_path, capsys):
    words = ["generate", run[1][0], "--count=9", "--max_length=2"]
    assert main.main([*words, f"--out={tmp_path}/short.txt"]) == 0
    lines = (tmp_path / "short.txt").read_text().splitlines()
    assert max(len(line.split()) for line in lines) == 2


def test_score_tells_how_likely_ones_own_lines_are(run, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text(
        "the cat rests\n\nThe cat rests.\nthe whale rests\n"
    )
    out = tmp_path / "scores.csv"
    words = ["score", run[1][0], f"--text={tmp_path}/mine.txt"]
    assert main.main([*words, f"--out={out}"]) == 0
    rows = list(csv.DictReader(out.open()))
    assert [row["text"] for row in rows] == [
        "the cat rests",
        "The cat rests.",
        "the whale rests",
    ]
    assert [row["tokens"] for row in rows] == ["4", "5", "4"]
    for row in rows:
        nll, tokens = float(row["nll"]), int(row["tokens"])
        assert float(row["perplexity"]) == pytest.approx(
            math.exp(nll / tokens), rel=1e-4
        )
        assert 0 < float(row["probability"]) < 1
    perplexity = math.exp(sum(float(row["nll"]) for row in rows) / 13)
    shown, warned = capsys.readouterr()
    assert f"3 lines of 13 tokens: perplexity {perplexity:.4g}" in shown
    assert "does not know" in warned and "whale" in warned


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file mine.txt"),
        (b"\xff\xfe\x00x", "is no text in UTF-8"),
        (b" \n\n", "is empty; write one sentence a line"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    run, tmp_path, monkeypatch, capsys, content, message
):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / "mine.txt").write_bytes(content)
    assert main.main(["score", run[1][0], "--text=mine.txt"]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("--count=0", "--count must be from 1 to 10000"),
        ("--temperature=-1", "--temperature must be 0 or more, not -1.0"),
        ("--top_p=0", "--top_p must be above 0 and at most 1"),
        ("--max_length=7", "--max_length must be from 1 to 6, not 7"),
        ("--midi=songs", "what the model writes is no music"),
    ],
)
def test_what_cannot_be_generated_is_refused(run, word, message, capsys):
    assert main.main(["generate", run[1][0], word]) == 1
    assert message in capsys.readouterr().err
