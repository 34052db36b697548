"""A user's way through the commands with gaussian_gan."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.commands.small import GAUSSIAN
from tfstory.commands import main


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Where two variants of two seeds were trained."""
    directory = tmp_path_factory.mktemp("sweep")
    words = [f"--workdir={directory}/runs", f"--data_dir={directory}/data"]
    variants = [
        *("--variant", "none"),
        *("--variant", "some", "stages.pretraining.epoch_steps=2"),
    ]
    words += ["--seeds", "1", "2", *variants]
    assert main.main(["sweep", *GAUSSIAN, *words]) == 0
    return directory


def test_sweep_writes_a_row_a_run_and_compares(swept):
    rows = json.loads((swept / "runs" / "results.json").read_text())
    assert [(row["variant"], row["seed"]) for row in rows] == [
        ("none", 1),
        ("none", 2),
        ("some", 1),
        ("some", 2),
    ]
    assert rows[2]["overrides"] == ["stages.pretraining.epoch_steps=2"]
    # Another seed and another schedule are other runs.
    assert len({row["metrics"]["ks"] for row in rows}) == 4
    assert all(row["examples"] == 100 for row in rows)
    history = swept / "runs" / "some" / "seed_2" / "history.json"
    stages = [row["stage"] for row in json.loads(history.read_text())]
    assert stages == ["pretraining", "adversarial", "adversarial"]
    assert Image.open(swept / "runs" / "comparison.png").width > 500
    for stage in ("pretraining", "adversarial"):
        assert Image.open(swept / "runs" / f"curves_{stage}.png").width > 500


def test_training_leaves_an_animation_of_its_epochs(swept):
    samples = swept / "runs" / "none" / "seed_1" / "samples"
    animation = Image.open(samples / "adversarial.gif")
    sheet = Image.open(samples / "adversarial_epoch_001.png")
    assert (animation.n_frames, animation.size) == (2, sheet.size)


def test_a_variant_s_name_comes_once(swept, tfstory):
    words = ["--variant", "a", "--variant", "a"]
    code, _, err = tfstory("sweep", *GAUSSIAN, f"--workdir={swept}", *words)
    assert code == 1
    assert "no other variant has it" in err


def test_generate_writes_numbers_and_a_histogram(swept, tfstory, tmp_path):
    workdir = f"--workdir={swept}/runs/none/seed_1"
    out = [f"--out={tmp_path}/v.txt", f"--histogram={tmp_path}/h.png"]
    code, text, err = tfstory("generate", workdir, "--count=7", *out)
    assert code == 0, err
    values = np.loadtxt(tmp_path / "v.txt")
    assert values.shape == (7,) and np.all(np.abs(values) <= 5)
    assert f"mean {values.mean():.4f}" in text
    assert Image.open(tmp_path / "h.png").width > 300
    code, _, err = tfstory("generate", workdir, "--count=0", *out)
    assert code == 1 and "--count must be from 1" in err


def test_what_another_system_takes_is_refused_with_what_this_one_takes(
    swept, tfstory, capsys
):
    workdir = f"--workdir={swept}/runs/none/seed_1"
    with pytest.raises(SystemExit):
        tfstory("generate", workdir, "--out=v.txt", "--story=story.txt")
    err = capsys.readouterr().err
    assert "--histogram" in err
    assert "tfstory generate: error: unrecognized arguments: --story" in err


def test_export_writes_a_version(swept, tfstory, tmp_path):
    code, _, err = tfstory(
        "export",
        f"--workdir={swept}/runs/some/seed_1",
        f"--output={tmp_path}/m",
        f"--data_dir={swept}/data",
    )
    assert code == 0, err
    assert (tmp_path / "m" / "1" / "saved_model.pb").exists()
