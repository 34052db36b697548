"""The way through with the command: train, evaluate, export."""

import json

from tests.commands.small import ROOT
from tfstory.commands import main

CONFIG = [
    f"--config={ROOT}/configs/story_matcher/shapes.py",
    *(
        f"--config.{key}={value}"
        for key, value in {
            "data.image_size": 16,
            "data.max_tokens": 8,
            "data.builder.train_stories": 6,
            "data.builder.validation_stories": 2,
            "data.builder.test_stories": 2,
            "data.builder.image_size": 32,
            "model.widths": "(2,3)",
            "model.embedding_size": 4,
            "model.sentence_size": 4,
            "model.units": 4,
            "model.joint_size": 4,
            "stages.matching.batch_size": 3,
            "stages.matching.epochs": 1,
            "training.strategy": "one_device",
        }.items()
    ),
]


def test_train_evaluate_and_export(tmp_path, capsys):
    options = [f"--workdir={tmp_path}/run", f"--data_dir={tmp_path}/data"]
    assert main.main(["train", *CONFIG, *options]) == 0
    assert "validation: r_precision" in capsys.readouterr().out
    assert main.main(["evaluate", *options]) == 0
    out = capsys.readouterr().out
    (line,) = [x for x in out.splitlines() if x.split()[:1] == ["r_precision"]]
    assert "chance 0.14" in line  # Six training stories, and the right one.
    written = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert written["examples"] == 2
    assert main.main(["export", *options, f"--output={tmp_path}/m"]) == 0
    assert (tmp_path / "m" / "1" / "saved_model.pb").is_file()
