"""A user's way through the commands with numbers and with melodies."""

import csv
import re

import pytest

from tests.systems.policy import tiny
from tfstory.commands import main, workdir
from tfstory.errors import UserError
from tfstory.music import midi

_CONFIG = '''
"""{about}, for tests."""

from tests.systems.policy import tiny


def get_config():
    return tiny.config(
        "seq_gan",
        {{
            "data.dataset": "{dataset}",
            "stages.discriminator.epochs": 0,
            "stages.adversarial.epochs": 0,
            "training.strategy": "one_device",
        }},
    )
'''


@pytest.fixture(scope="module")
def melodies(tmp_path_factory):
    """A run trained on melodies, as options."""
    directory = tmp_path_factory.mktemp("melodies")
    (directory / "songs").mkdir()
    lines = [
        ",".join(str((2 + first * step) % tiny.SIZE) for step in range(5))
        for first in range(1, 31)
    ]
    (directory / "songs" / "songs.csv").write_text("\n".join(lines))
    path = directory / "config.py"
    path.write_text(_CONFIG.format(about="Melodies", dataset="melodies"))
    options = [f"--workdir={directory}/run", f"--data_dir={directory}/data"]
    prepare = [
        "prepare",
        "--dataset=melodies",
        f"--manual_dir={directory}/songs",
        options[1],
        f"--builder.vocabulary_size={tiny.SIZE}",
        f"--builder.length={tiny.LENGTH}",
    ]
    assert main.main(prepare) == 0
    assert main.main(["train", f"--config={path}", *options]) == 0
    return options


def test_melodies_are_written_as_midi(melodies, tmp_path, capsys):
    words = ["generate", melodies[0], "--count=3"]
    out = [f"--out={tmp_path}/out.txt", f"--midi={tmp_path}/songs"]
    assert main.main([*words, *out]) == 0
    assert f"as melodies to {tmp_path}/songs" in capsys.readouterr().out
    files = sorted((tmp_path / "songs").iterdir())
    assert [path.name for path in files] == ["000.mid", "001.mid", "002.mid"]
    lines = (tmp_path / "out.txt").read_text().splitlines()
    for line, file in zip(lines, files, strict=True):
        tokens = [int(number) for number in line.split()]
        assert len(tokens) == tiny.LENGTH
        assert file.read_bytes() == midi.encode(tokens)


def test_melodies_are_scored_as_they_are_written_and_as_csv(
    melodies, tmp_path, capsys
):
    written = tmp_path / "out.txt"
    words = ["generate", melodies[0], "--count=3", f"--out={written}"]
    assert main.main(words) == 0
    (nats,) = re.findall(r"-(\S+) nats", capsys.readouterr().out)
    commas = tmp_path / "out.csv"
    commas.write_text(written.read_text().replace(" ", ","))
    for path in (written, commas):
        words = ["score", melodies[0], f"--text={path}"]
        assert main.main([*words, f"--out={tmp_path}/scores.csv"]) == 0
        rows = list(csv.DictReader((tmp_path / "scores.csv").open()))
        assert [row["text"] for row in rows] == path.read_text().splitlines()
        mean = sum(float(row["nll"]) for row in rows) / 3
        assert mean == pytest.approx(float(nats), abs=0.06)


def test_longer_melodies_are_cut_as_for_training(melodies, tmp_path, capsys):
    nll = []
    for name, line in (("a", "1 2 3 4 5"), ("b", "1,2,3,4,5,6,7")):
        (tmp_path / name).write_text(line)
        words = ["score", melodies[0], f"--text={tmp_path}/{name}"]
        assert main.main([*words, f"--out={tmp_path}/scores.csv"]) == 0
        rows = list(csv.DictReader((tmp_path / "scores.csv").open()))
        nll.append(rows[0]["nll"])
    assert nll[0] == nll[1]
    assert "1 of the lines have more than 5 numbers" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line", ["1 2 3 4", "1 2 three 4 5", f"1 2 3 4 {tiny.SIZE}"]
)
def test_other_numbers_are_not_scored(melodies, tmp_path, capsys, line):
    (tmp_path / "a.txt").write_text(f"1 2 3 4 5\n\n{line}\n")
    assert main.main(["score", melodies[0], f"--text={tmp_path}/a.txt"]) == 1
    assert (
        f"a.txt line 3 must hold {tiny.LENGTH} numbers from 0 to "
        f"{tiny.SIZE - 1}, not '{line}'" in capsys.readouterr().err
    )


def test_a_random_oracle_s_data_prepare_themselves(tmp_path):
    config = tiny.config("seq_gan")
    for split in ("train", "validation", "test"):
        config.data.builder[f"{split}_examples"] = 3
    examples = workdir.load_examples(config, str(tmp_path), "train")
    assert [x["tokens"].shape for x in examples] == [(tiny.LENGTH,)] * 3


def test_an_oracle_s_file_does_not(tmp_path):
    config = tiny.config("seq_gan", {"data.builder.oracle": "file"})
    with pytest.raises(UserError, match="tfstory prepare"):
        workdir.load_examples(config, str(tmp_path), "train")
