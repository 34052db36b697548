"""A user's way through the commands with StoryGAN, on a few stories."""

import json

import pytest

from tests.commands.small import ROOT
from tests.systems.attribute_classifier import tiny as attribute_classifier
from tests.systems.story_matcher import tiny as story_matcher
from tfstory.commands import main
from tfstory.export import saved_model

CONFIG = [
    f"--config={ROOT}/configs/story_gan/shapes.py",
    *(
        f"--config.{name}={value}"
        for name, value in {
            "data.image_size": 16,
            "data.max_tokens": 8,
            "data.builder.train_stories": 6,
            "data.builder.validation_stories": 2,
            "data.builder.test_stories": 2,
            "data.builder.image_size": 32,
            "model.embedding_size": 4,
            "model.sentence_size": 4,
            "model.units": 4,
            "model.context_size": 8,
            "model.filter_size": 3,
            "model.filter_channels": 2,
            "model.attention_hops": 1,
            "model.attention_units": 8,
            "model.generator_width": 2,
            "model.discriminator_width": 2,
            "model.discriminator_features": 4,
            "model.ema_decay": 0.0,
            "stages.reconstruction.epochs": 1,
            "stages.reconstruction.batch_size": 4,
            "stages.adversarial.epochs": 1,
            "stages.adversarial.batch_size": 4,
            "training.strategy": "one_device",
        }.items()
    ),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A trained run, as options."""
    directory = tmp_path_factory.mktemp("way")
    options = [f"--workdir={directory}/run", f"--data_dir={directory}/data"]
    assert main.main(["train", *CONFIG, *options]) == 0
    return directory, options


def test_training_records_all_three_losses(run):
    first, row = json.loads((run[0] / "run" / "history.json").read_text())
    assert first["stage"] == "reconstruction"
    assert "image_loss" not in first["train"]
    for part in ("train", "validation"):
        assert {
            "loss",
            "image_loss",
            "story_loss",
            "kl_loss",
            "l1_loss",
            "image_discriminator_loss",
            "story_discriminator_loss",
        } <= row[part].keys()
    assert (run[0] / "run" / "samples" / "final.png").is_file()


def test_evaluate_shows_baselines_and_diversity(run, capsys):
    assert main.main(["evaluate", *run[1]]) == 0
    out = capsys.readouterr().out
    (line,) = [x for x in out.splitlines() if x.split()[0] == "ssim"]
    assert "mean_picture" in line and "random_story" in line
    metrics = json.loads((run[0] / "run" / "metrics.json").read_text())
    assert metrics["metrics"]["diversity"] > 0


def test_evaluate_takes_judges(run, tmp_path, capsys):
    judges = {
        "attribute_classifier": saved_model.export(
            attribute_classifier.system(), str(tmp_path / "classifier")
        ),
        "story_matcher": saved_model.export(
            story_matcher.system(tmp_path), str(tmp_path / "matcher")
        ),
    }
    keys = [f"--config.evaluation.{k}={path}" for k, path in judges.items()]
    assert main.main(["evaluate", *run[1], *keys]) == 0
    out = capsys.readouterr().out
    for metric in ("changed_accuracy", "r_precision", "moment_precision"):
        (line,) = [x for x in out.splitlines() if x.split()[0] == metric]
        assert " real " in line and " first_scene " in line
    written = json.loads((run[0] / "run" / "metrics.json").read_text())
    assert written["evaluation"] == {**judges, "inception_weights": ""}
    assert written["metrics"]["place_accuracy_first_scene"] > 0.5
    assert written["metrics"]["r_precision_candidates"] == 2


def test_generate_and_export(run, tmp_path, capsys):
    story = tmp_path / "story.txt"
    story.write_text("A red circle.\nIt moves.\nIt rests.\n")
    words = ["generate", run[1][0], f"--story={story}", "--seed=7"]
    assert main.main([*words, f"--out={tmp_path}/strip.png"]) == 0
    assert (tmp_path / "strip.png").read_bytes()[1:4] == b"PNG"
    assert main.main([*words[:2], "--story=no.txt"]) == 1
    assert "there is no file no.txt" in capsys.readouterr().err
    assert main.main(["export", *run[1], f"--output={tmp_path}/m"]) == 0
    assert (tmp_path / "m" / "1" / "saved_model.pb").is_file()
